using Etl.Core.Connectors;
using Etl.Core.Plugins;

[assembly: ConnectorPlugin<WebDav.WebDavPlugin>]

namespace WebDav;

/// <summary>What this assembly adds to etl.</summary>
public sealed class WebDavPlugin : IConnectorPlugin
{
    /// <inheritdoc/>
    public void Register(ConnectorRegistry registry) =>
        registry.AddSource<WebDavOptions>("webdav", "Files of a WebDAV server, such as Nextcloud", (options, _) => new WebDavSource(options));
}
