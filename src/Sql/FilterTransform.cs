using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Sql;

/// <summary>Keeps the rows that a condition is true for.</summary>
public sealed class FilterTransform(FilterOptions options) : ITransform
{
    /// <inheritdoc/>
    public BoundTransform Bind(TableSchema input) =>
        SqlBinding.Bind("filter", input, $"SELECT * FROM {SqlBinding.Input} WHERE ({options.Where}\n)", untouched: _ => true);
}
