using Etl.Connectors.Aws;
using Etl.Connectors.Gcp;
using Etl.Connectors.Http;
using Etl.Connectors.Local;
using Etl.Connectors.Postgres;
using Etl.Core.Connectors;
using Etl.Core.Transforms;
using Etl.Csv;
using Etl.Formats;
using Etl.Json;
using Etl.Sql;

namespace Etl.Runner.Hosting;

/// <summary>The connectors this command knows: an explicit list, no scanning.</summary>
public static class Registrations
{
    /// <summary>All of them.</summary>
    public static ConnectorRegistry All()
    {
        var registry = new ConnectorRegistry();
        CoreConnectors.Register(registry);
        CsvConnectors.Register(registry);
        JsonConnectors.Register(registry);
        FormatsConnectors.Register(registry);
        SqlConnectors.Register(registry);
        AwsConnectors.Register(registry);
        GcpConnectors.Register(registry);
        HttpConnectors.Register(registry);
        LocalConnectors.Register(registry);
        PostgresConnectors.Register(registry);
        return registry;
    }
}
