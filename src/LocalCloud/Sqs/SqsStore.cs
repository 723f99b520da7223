using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Etl.LocalCloud.Identity;

namespace Etl.LocalCloud.Sqs;

/// <summary>The queues of the account.</summary>
internal sealed partial class SqsStore(string folder, bool createMissing, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Lazy<SqsQueue>> queues = new(
        (Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : []).Select(Path.GetFileName).Select(name => KeyValuePair.Create(name!, new Lazy<SqsQueue>(() => new SqsQueue(Path.Combine(folder, name!), time)))));

    [GeneratedRegex("^[A-Za-z0-9_-]{1,80}$")]
    private static partial Regex Name { get; }

    /// <summary>The names of all.</summary>
    public IEnumerable<string> Names => queues.Keys.Order(StringComparer.Ordinal);

    /// <summary>The queue of a name, made if there is none.</summary>
    /// <exception cref="AwsRefusedException">It is no name of a standard queue.</exception>
    public SqsQueue Create(string name) => Name.IsMatch(name)
        ? queues.GetOrAdd(name, n => new Lazy<SqsQueue>(() => new SqsQueue(Path.Combine(folder, n), time))).Value
        : throw new AwsRefusedException("InvalidParameterValue", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length", 400);

    /// <summary>The queue of a URL, whatever its host.</summary>
    /// <exception cref="AwsRefusedException">There is none.</exception>
    public SqsQueue Find(string url) => Named(url[(url.LastIndexOf('/') + 1)..]) ?? throw Missing();

    /// <summary>The queue of an ARN, or null.</summary>
    public SqsQueue? FindArn(string arn) => Named(arn[(arn.LastIndexOf(':') + 1)..]);

    /// <summary>What a request for a queue that is not there is answered.</summary>
    public static AwsRefusedException Missing() => new("QueueDoesNotExist", "The specified queue does not exist.", 400);

    private SqsQueue? Named(string name) => queues.TryGetValue(name, out var found) ? found.Value : createMissing && Name.IsMatch(name) ? Create(name) : null;
}
