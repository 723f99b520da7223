using Etl.Core.Connectors;

namespace Etl.Sql;

/// <summary>The transforms whose rules are SQL.</summary>
public static class SqlConnectors
{
    /// <summary>Adds them.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .AddTransform<FilterOptions>("filter", "Keeps the rows that a SQL condition is true for.", (options, _) => new FilterTransform(options))
            .AddTransform<DeriveOptions>("derive", "Adds columns, or replaces them, by SQL expressions over a row.", (options, _) => new DeriveTransform(options))
            .AddTransform<SqlOptions>("sql", "Turns rows into rows by a SQL query that needs one row at a time.", (options, _) => new SqlTransform(options));
    }
}
