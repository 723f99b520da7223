using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Core.Transforms;

/// <summary>Columns that a transform's options name.</summary>
public static class NamedColumns
{
    /// <summary>The position of a column.</summary>
    /// <param name="transform">The transform, for the error.</param>
    /// <param name="option">Its option, for the error.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="input">The columns there are.</param>
    /// <exception cref="DataException">There is none of that name; the message has the nearest ones.</exception>
    public static int Find(string transform, string option, string name, TableSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var index = input.IndexOf(name);
        if (index >= 0)
            return index;
        var nearest = NearestNames.Of(name, input.Columns.Select(c => c.Name));
        var hint = nearest.Count > 0 ? $"Did you mean {string.Join(" or ", nearest)}?" : $"The columns are {string.Join(", ", input.Columns.Take(20).Select(c => c.Name))}{(input.Columns.Count > 20 ? " …" : "")}.";
        throw new DataException($"{transform}: {option} names the column {name}, which is not there. {hint}");
    }
}
