using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Csv.Reading;

/// <summary>The columns of an object that has no header to name them.</summary>
internal static class ColumnPositions
{
    /// <summary>The column of each field: those with a place take it, the others the places left, in order.</summary>
    /// <exception cref="DataException">A place is beyond the columns that there are.</exception>
    public static int[] All(TableSchema schema, string parser = "csv")
    {
        var fields = new int[schema.Columns.Count];
        fields.AsSpan().Fill(-1);
        for (var i = 0; i < fields.Length; i++)
        {
            if (schema.Columns[i].SourcePosition is not { } position)
                continue;
            if (position > fields.Length)
                throw new DataException($"{parser}: columns: {schema.Columns[i].Name} has position {position}, but only {fields.Length} columns are declared. Declare every column of the object; select: can drop some later.");
            fields[position - 1] = i;
        }
        var free = 0;
        for (var i = 0; i < fields.Length; i++)
        {
            if (schema.Columns[i].SourcePosition is not null)
                continue;
            while (fields[free] >= 0)
                free++;
            fields[free] = i;
        }
        return fields;
    }
}
