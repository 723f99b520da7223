using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Sql;

/// <summary>Adds columns, or replaces them, by expressions over a row. All expressions see the row as it came.</summary>
public sealed class DeriveTransform(DeriveOptions options) : ITransform
{
    /// <inheritdoc/>
    public BoundTransform Bind(TableSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var columns = input.Columns.Select(c => Expression(c.Name) is { } replacing ? $"({replacing}\n) AS {SqlText.Name(c.Name)}" : SqlText.Name(c.Name));
        var added = options.Columns.Where(c => input.IndexOf(c.Key) < 0).Select(c => $"({c.Value}\n) AS {SqlText.Name(c.Key)}");
        return SqlBinding.Bind("derive", input, $"SELECT {string.Join(", ", columns.Concat(added))} FROM {SqlBinding.Input}", name => Expression(name) is null);
    }

    private string? Expression(string column) =>
        options.Columns.Where(c => string.Equals(c.Key, column, StringComparison.OrdinalIgnoreCase)).Select(c => c.Value).FirstOrDefault();
}
