using Etl.Core.Connectors;
using Etl.Core.Plugins;

[assembly: ConnectorPlugin<Acme.AcmePlugin>]

namespace Acme;

/// <summary>What this assembly adds to etl.</summary>
public sealed class AcmePlugin : IConnectorPlugin
{
    /// <inheritdoc/>
    public void Register(ConnectorRegistry registry) =>
#if (isSource)
        registry.AddSource<AcmeSourceOptions>("acme-name", "Files of one folder", (options, context) => new AcmeSource(options, context));
#else
        registry.AddLoadSink<AcmeSinkOptions>("acme-name", "Rows as JSON, one file a run", "file", (options, context) => new AcmeSink(options, context));
#endif
}
