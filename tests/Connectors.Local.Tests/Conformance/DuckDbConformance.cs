using DuckDB.NET.Data;
using Etl.Connectors.Local.DuckDb;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Testing;

namespace Etl.Connectors.Local.Tests.Conformance;

public abstract class DuckDbConformance(StagingFormat format) : LoadSinkConformance
{
    protected override Type OptionsType => typeof(DuckDbOptions);

    protected override StagingEncoding Encoding => new(format, StagingCompression.Auto);

    protected override IReadOnlyList<WriteDisposition> Writes => [WriteDisposition.Append, WriteDisposition.Replace, WriteDisposition.Merge];

    // DuckDB reads a Parquet decimal of 76 digits as a double.
    protected override IReadOnlyList<ColumnType> Types => [.. base.Types.Where(t => t != ColumnType.BigNumeric || format != StagingFormat.Parquet)];

    protected override ILoadSink CreateSink(WriteDisposition write) =>
        new DuckDbSink(new DuckDbOptions { Database = "w.duckdb", Table = "orders", Write = write, Key = write == WriteDisposition.Merge ? ["id"] : [] }, Context);

    protected override async Task<IReadOnlyList<IReadOnlyList<object?>>> ReadAsync(TableSchema schema)
    {
        if ((await ((IDescribedTable)CreateSink(WriteDisposition.Append)).DescribeAsync(Cancel)).Columns is null) return [];
        using var connection = new DuckDBConnection($"DataSource={Path.Combine(Folder.Path, "w.duckdb")}");
        await connection.OpenAsync(Cancel);
        using var command = connection.CreateCommand();
        command.CommandText = $"SET TimeZone='UTC'; SELECT {string.Join(", ", schema.Columns.Select(c => $"\"{c.Name}\"::VARCHAR"))} FROM orders";
        var rows = new List<object?[]>();
        using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel)) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }
}

public sealed class DuckDbParquetConformance() : DuckDbConformance(StagingFormat.Parquet);

public sealed class DuckDbCsvConformance() : DuckDbConformance(StagingFormat.Csv);

public sealed class DuckDbNdjsonConformance() : DuckDbConformance(StagingFormat.Ndjson);
