using Etl.Core.Contracts;
using Etl.Csv.Columns;

namespace Etl.Csv.Reading;

/// <summary>The fields of an object that are no column of the schema: their values are counted, or each rejects its row, as the contract says.</summary>
internal sealed class LeftOutColumns : IDisposable
{
    private readonly Dictionary<int, LeftOut> columns = [];
    private readonly bool rejects;

    /// <param name="names">Their names, by field.</param>
    /// <param name="contract">What the pipeline says of columns that are not there.</param>
    /// <param name="nulls">Texts that mean that a value is missing.</param>
    /// <param name="transcoded">Whether the object was transcoded.</param>
    public LeftOutColumns(IReadOnlyDictionary<int, string> names, SchemaContract contract, NullTexts nulls, bool transcoded)
    {
        foreach (var (field, name) in names)
            columns.Add(field, new LeftOut(name, new StringColumnBuilder(transcoded, nullable: true, nulls)));
        rejects = contract == SchemaContract.DiscardRow;
    }

    /// <summary>The name of a field that is left out; null when it is not.</summary>
    public string? NameOf(int field) => columns.TryGetValue(field, out var column) ? column.Name : null;

    /// <summary>Looks at the values of some rows.</summary>
    public void Append(in FieldText text, FieldColumn fields, int field, RowFaults faults)
    {
        var values = columns[field].Values;
        values.Append(text, fields, field, faults);
        if (rejects) Refuse(values, fields.Rows, field, faults);
    }

    /// <summary>Counts the values of the rows that were looked at and do fit, and forgets them.</summary>
    public void Count(RowFaults faults, IDictionary<string, long> counts)
    {
        foreach (var (name, values) in columns.Values)
        {
            long found = 0;
            for (var row = 0; row < values.Rows; row++)
            {
                if (values.HasValue(row) && !faults.Contains(row))
                    found++;
            }
            if (found > 0)
                counts[name] = counts.TryGetValue(name, out var before) ? before + found : found;
            using var forgotten = values.Rows == 0 ? null : values.Build();
        }
    }

    /// <summary>Makes each of the last rows that has a value a faulty one.</summary>
    public static void Refuse(ColumnBuilder values, int rows, int field, RowFaults faults)
    {
        for (var row = 0; row < rows; row++)
        {
            if (values.HasValue(values.Rows - rows + row))
                faults.Add(row, field, ValueFault.Unknown);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, values) in columns.Values)
            values.Dispose();
    }

    private sealed record LeftOut(string Name, StringColumnBuilder Values);
}
