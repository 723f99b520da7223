using Etl.Core.Connectors;

namespace Etl.Connectors.Sftp;

/// <summary>The connectors of this project.</summary>
public static class SftpConnectors
{
    /// <summary>Adds them to <paramref name="registry"/>.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.AddSource<SftpSourceOptions>("sftp", "Files of an SFTP server", (options, context) => new SftpSource(options, context));
    }
}
