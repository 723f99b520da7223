using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Sql;

/// <summary>Turns rows into rows by a query.</summary>
public sealed class SqlTransform(SqlOptions options) : ITransform
{
    /// <inheritdoc/>
    public BoundTransform Bind(TableSchema input) => SqlBinding.Bind("sql", input, options.Query.TrimEnd().TrimEnd(';'), untouched: _ => false);
}
