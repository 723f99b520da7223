using Etl.Connectors.Aws.Sqs;
using Etl.Core.Contracts;
using Etl.Core.Pipelines;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Aws.Tests.Sqs;

/// <summary>A queue that is told of every object, as the local cloud plays it.</summary>
[Collection("environment variables")]
public sealed class SqsConformance : SourceConformance
{
    private LocalQueue queue = null!;
    private SqsSource? source;

    protected override Type OptionsType => typeof(SqsSourceOptions);

    protected override IReadOnlyList<string> Secrets => queue.Secrets;

    public override async ValueTask InitializeAsync() => queue = Own(await LocalQueue.StartAsync(Path.Combine(Folder.Path, "cloud")));

    // One for the test: what one has taken from the queue, another does not get.
    protected override ISource CreateSource() => source ??= Own(new SqsSource(new SqsSourceOptions { Queue = LocalQueue.Url, Wait = new Duration(TimeSpan.Zero) }, Context));

    protected override async Task PutAsync(string name, byte[] content)
    {
        await queue.PutAsync(name, content);
        await queue.SendAsync(LocalQueue.Event("ObjectCreated:Put", name));
    }

    protected override async Task RemoveAsync(string name)
    {
        await queue.RemoveAsync(name);
        await queue.SendAsync(LocalQueue.Event("ObjectRemoved:Delete", name));
    }
}
