using Etl.Core.Connectors;

namespace Etl.Connectors.Postgres;

/// <summary>The connectors of this project.</summary>
public static class PostgresConnectors
{
    /// <summary>Adds them to <paramref name="registry"/>.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .AddSource<PostgresSourceOptions>("postgres", "Reads a table or a query of PostgreSQL as CSV text, in one snapshot", (options, _) => new PostgresSource(options))
            .AddLoadSink<PostgresSinkOptions>("postgres", "Loads the staged files into a PostgreSQL table, in one transaction", scheme: null, (options, context) => new PostgresSink(options, context));
    }
}
