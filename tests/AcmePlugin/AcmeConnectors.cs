using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Text;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Plugins;

[assembly: ConnectorPlugin<AcmePlugin.AcmeConnectors>]

namespace AcmePlugin;

/// <summary>A plugin for tests, which misbehaves when <c>ACME_PLUGIN</c> says so.</summary>
public sealed class AcmeConnectors : IConnectorPlugin
{
    public void Register(ConnectorRegistry registry)
    {
        switch (Environment.GetEnvironmentVariable("ACME_PLUGIN"))
        {
            case "throws": throw new InvalidOperationException("The moon is full.\n   at secret places");
            case "s3": registry.AddSource<AcmeOptions>("s3", "Another S3", (options, _) => new AcmeSource(options)); break;
            case "gcs": registry.AddLoadSink<AcmeOptions>("gcs", "A load sink called as a staging sink is", "gs", (_, _) => throw new NotSupportedException()); break;
            default: registry.AddSource<AcmeOptions>("acme", "Rows of the plugin's own", (options, _) => new AcmeSource(options)); break;
        }
    }
}

/// <summary>Options of the source <c>acme</c>.</summary>
public sealed record AcmeOptions
{
    [Description("How many rows there are.")]
    public required int Rows { get; init; }
}

/// <summary>One object with as many rows as the options say.</summary>
public sealed class AcmeSource(AcmeOptions options) : ISource
{
    private readonly byte[] content = Encoding.UTF8.GetBytes("id\n" + string.Concat(Enumerable.Range(1, options.Rows).Select(i => $"{i}\n")));

    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        cancel.ThrowIfCancellationRequested();
        if (Environment.GetEnvironmentVariable("ACME_PLUGIN") == "lists") throw new InvalidOperationException("The moon is new.");
        yield return new SourceObject("acme://rows.csv", "1", content.Length, DateTimeOffset.UnixEpoch);
    }

    public ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel) =>
        ValueTask.FromResult<Stream>(new MemoryStream(content, (int)range.Offset, (int)Math.Min(range.Length ?? content.Length, content.Length - range.Offset), writable: false));
}
