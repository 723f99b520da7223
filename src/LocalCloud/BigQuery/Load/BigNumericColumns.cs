using System.Globalization;
using System.Numerics;
using DuckDB.NET.Data;
using ParquetSharp;

namespace Etl.LocalCloud.BigQuery.Load;

/// <summary>Decimals of more than 38 digits in a Parquet file, which DuckDB would read as doubles: read here exactly, into a table of texts by row number.</summary>
internal sealed class BigNumericColumns(string path, IReadOnlyList<string> names)
{
    private const int BatchRows = 4096;
    private string? table;

    /// <summary>The columns.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>The table that holds them, with the row number in <c>_row</c>.</summary>
    public string Table(DuckDBConnection open)
    {
        if (table is not null) return table;
        var made = $"bignumeric_{Guid.NewGuid():N}";
        Warehouse.Execute(open, $"CREATE TEMP TABLE {made} (\"_row\" BIGINT, {string.Join(", ", Names.Select(n => $"{Sql.Name(n)} VARCHAR"))})");
        using var reader = new ParquetFileReader(path);
        using var appender = open.CreateAppender(made);
        long row = 0;
        for (var group = 0; group < reader.FileMetaData.NumRowGroups; group++)
        {
            using var rows = reader.RowGroup(group);
            var values = Names.Select(n => Read(reader, rows, n)).ToList();
            for (long i = 0; i < rows.MetaData.NumRows; i++)
            {
                var append = appender.CreateRow();
                append.AppendValue(row++);
                foreach (var column in values) append.AppendValue(column[(int)i]);
                append.EndRow();
            }
        }

        return table = made;
    }

    /// <summary>Whether a column is a decimal; of those, DuckDB reads the ones that it cannot hold as doubles.</summary>
    public static bool IsDecimal(string path, string name)
    {
        using var reader = new ParquetFileReader(path);
        var schema = reader.FileMetaData.Schema;
        return Enumerable.Range(0, schema.NumColumns).Any(i => schema.Column(i).Name.Equals(name, StringComparison.OrdinalIgnoreCase) && schema.Column(i).LogicalType is DecimalLogicalType);
    }

    private static List<string?> Read(ParquetFileReader reader, RowGroupReader rows, string name)
    {
        var schema = reader.FileMetaData.Schema;
        var index = Enumerable.Range(0, schema.NumColumns).First(i => schema.Column(i).Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        var descriptor = schema.Column(index);
        using var column = (ColumnReader<FixedLenByteArray>)rows.Column(index);
        var texts = new List<string?>();
        var levels = new short[BatchRows];
        var values = new FixedLenByteArray[BatchRows];
        while (column.HasNext)
        {
            var read = column.ReadBatch(BatchRows, levels, null, values, out _);
            var next = 0;
            for (var i = 0; i < read; i++)
                texts.Add(descriptor.MaxDefinitionLevel > 0 && levels[i] < descriptor.MaxDefinitionLevel ? null : Text(values[next++], descriptor.TypeLength, descriptor.TypeScale));
        }

        return texts;
    }

    private static unsafe string Text(FixedLenByteArray value, int length, int scale)
    {
        var unscaled = new BigInteger(new ReadOnlySpan<byte>((void*)value.Pointer, length), isUnsigned: false, isBigEndian: true);
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var fraction = digits[^scale..].TrimEnd('0');
        return (unscaled.Sign < 0 ? "-" : "") + digits[..^scale] + (fraction.Length == 0 ? "" : "." + fraction);
    }
}
