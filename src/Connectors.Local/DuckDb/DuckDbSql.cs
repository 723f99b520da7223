using Etl.Core.Sql;

namespace Etl.Connectors.Local.DuckDb;

/// <summary>Names and texts as DuckDB writes them.</summary>
internal sealed class DuckDbSql : ISqlDialect
{
    public static DuckDbSql Instance { get; } = new();

    public string Name(string identifier) => DuckDbTypes.Name(identifier);

    public string Text(string text) => DuckDbTypes.Literal(text);
}
