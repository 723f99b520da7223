using System.Globalization;
using DuckDB.NET.Data;
using Etl.LocalCloud.BigQuery.Types;

namespace Etl.LocalCloud.BigQuery.Load;

/// <summary>Parquet files: columns by name, types as BigQuery converts them (https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-parquet#parquet_conversions).</summary>
internal sealed class ParquetRows(IReadOnlyList<LoadFile> files) : LoadRows
{
    public override IReadOnlyList<Field> Detect(DuckDBConnection open, bool autodetect) =>
        [.. Describe(open, files[0]).Select(c => new Field(c.Name, c.Type == "DOUBLE" && BigNumericColumns.IsDecimal(files[0].Path, c.Name) ? FieldType.BigNumeric : FieldTypes.OfDuckDb(c.Type, c.Name), false, null))];

    public override (long Rows, long Bad) Insert(DuckDBConnection open, string table, IReadOnlyList<Field> fields)
    {
        long rows = 0;
        foreach (var file in files)
        {
            var columns = Describe(open, file).ToDictionary(c => c.Name, c => c.Type, StringComparer.OrdinalIgnoreCase);
            if (columns.Keys.FirstOrDefault(c => !fields.Any(f => f.Name.Equals(c, StringComparison.OrdinalIgnoreCase))) is { } unknown)
                throw Failed($"Provided schema does not have the Parquet column '{unknown}'.", file);
            var big = new BigNumericColumns(file.Path, [.. fields.Where(f => f.Type == FieldType.BigNumeric && columns.GetValueOrDefault(f.Name) == "DOUBLE").Select(f => f.Name)]);
            var values = fields.Select(f => big.Names.Contains(f.Name) ? $"b.{Sql.Name(f.Name)}" : columns.TryGetValue(f.Name, out var type) ? Value(f, type, file) : $"NULL::{f.Type.DuckDb()}").ToList();
            foreach (var (field, value) in fields.Zip(values).Where(p => p.First.Required))
                if (Count(open, $"SELECT count(*) FROM {Source(file, big, open)} WHERE {value} IS NULL") > 0)
                    throw Failed($"Required column '{field.Name}' has a null value.", file);
            rows += Warehouse.Execute(open, $"INSERT INTO {table} ({string.Join(", ", fields.Select(f => Sql.Name(f.Name)))}) SELECT {string.Join(", ", values)} FROM {Source(file, big, open)}");
        }

        return (rows, 0);
    }

    private static string Value(Field field, string type, LoadFile file)
    {
        var column = $"p.{Sql.Name(field.Name)}";
        var found = FieldTypes.OfDuckDb(type, field.Name);
        var fits = field.Type == found
            || (field.Type is FieldType.Float64 or FieldType.Numeric or FieldType.BigNumeric && found == FieldType.Int64)
            || (field.Type == FieldType.BigNumeric && found is FieldType.Numeric)
            || (field.Type is FieldType.Timestamp && found == FieldType.DateTime)
            || (field.Type is FieldType.Bytes && found == FieldType.String) || (field.Type is FieldType.String && found == FieldType.Bytes);
        if (!fits) throw Failed($"Parquet column '{field.Name}' has type {Physical(type)} which does not match the target cpp_type {field.Type.SqlName()}.", file);
        return field.Type == FieldType.BigNumeric ? $"rtrim(rtrim(({column})::VARCHAR, '0'), '.')".Replace($"({column})::VARCHAR", $"CASE WHEN contains(({column})::VARCHAR, '.') THEN ({column})::VARCHAR ELSE ({column})::VARCHAR || '.' END", StringComparison.Ordinal)
            : $"{column}::{field.Type.DuckDb()}";
    }

    private static string Source(LoadFile file, BigNumericColumns big, DuckDBConnection open) =>
        big.Names.Count == 0 ? $"read_parquet({Sql.Text(file.Path)}) p"
        : $"read_parquet({Sql.Text(file.Path)}, file_row_number = true) p JOIN {big.Table(open)} b ON p.file_row_number = b.\"_row\"";

    private static IReadOnlyList<(string Name, string Type)> Describe(DuckDBConnection open, LoadFile file)
    {
        try
        {
            return Warehouse.Describe(open, $"SELECT * FROM read_parquet({Sql.Text(file.Path)})");
        }
        catch (DuckDBException e)
        {
            throw Failed("Input file is not in Parquet format: " + e.Message.Split('\n')[0].Replace(file.Path, file.Uri, StringComparison.Ordinal), file);
        }
    }

    private static long Count(DuckDBConnection open, string sql) => Convert.ToInt64(Warehouse.Query(open, sql)[0][0], CultureInfo.InvariantCulture);

    private static string Physical(string type) => type switch
    {
        "VARCHAR" or "BLOB" => "BYTE_ARRAY",
        "BIGINT" or "TIME" or "TIMESTAMP" or "TIMESTAMP WITH TIME ZONE" => "INT64",
        "INTEGER" or "DATE" or "SMALLINT" or "TINYINT" => "INT32",
        "DOUBLE" or "FLOAT" or "BOOLEAN" => type,
        _ => "FIXED_LEN_BYTE_ARRAY",
    };

    private static BigQueryRefusedException Failed(string why, LoadFile file) => BigQueryRefusedException.Invalid($"Error while reading data, error message: {why} File: {file.Uri}");
}
