using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Etl.Core.Pipelines;

namespace Etl.Connectors.Aws.Sqs;

/// <summary>Which queue tells of objects. Credentials are never here: they come from the AWS SDK's chain.</summary>
public sealed partial record SqsSourceOptions : IValidatableObject
{
    private const int LongestWait = 20;

    /// <summary>The queue's URL.</summary>
    [Description("The queue's URL, such as https://sqs.ap-northeast-1.amazonaws.com/123456789012/orders: a standard queue that gets S3's event notifications, by itself, through SNS or through EventBridge.")]
    public required Uri Queue { get; init; }

    /// <summary>The region of queue and buckets.</summary>
    [Description("The region of the queue and the buckets. That in the queue's URL when left out.")]
    [RegularExpression("^[a-z0-9-]+$", ErrorMessage = "A region looks like ap-northeast-1.")]
    public string? Region { get; init; }

    /// <summary>A profile of the AWS configuration files.</summary>
    [Description("A profile of ~/.aws/config to sign in with. The default credential chain when left out.")]
    public string? Profile { get; init; }

    /// <summary>The most objects of a run.</summary>
    [Description("About how many objects a run reads at most; the next run takes those that then still wait.")]
    [Range(1, 10_000)]
    public int MaxObjects { get; init; } = 1000;

    /// <summary>How long to wait for a first message.</summary>
    [Description("How long to wait for a first message, from 1s to 20s.")]
    public Duration Wait { get; init; } = new(TimeSpan.FromSeconds(5));

    /// <summary>The region as far as the options say it.</summary>
    internal string? QueueRegion => Region ?? (HostRegion.Match(Queue.Host) is { Success: true } match ? match.Groups[1].Value : null);

    [GeneratedRegex(@"^sqs\.([a-z0-9-]+)\.amazonaws\.com")]
    private static partial Regex HostRegion { get; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!(Queue.IsAbsoluteUri && (Queue.Scheme is "https" or "http") && Queue.Segments.Length == 3)) yield return new ValidationResult("the queue is its URL, such as https://sqs.ap-northeast-1.amazonaws.com/123456789012/orders (`aws sqs get-queue-url --queue-name orders` prints it)", [nameof(Queue)]);
        else if (Queue.AbsolutePath.EndsWith(".fifo", StringComparison.Ordinal)) yield return new ValidationResult("S3 sends its notifications to standard queues only, and this is a FIFO queue", [nameof(Queue)]);
        if (Wait.Value < TimeSpan.FromSeconds(1) || Wait.Value > TimeSpan.FromSeconds(LongestWait)) yield return new ValidationResult("wait is from 1s to 20s", [nameof(Wait)]);
    }
}
