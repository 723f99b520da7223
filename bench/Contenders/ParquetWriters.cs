using System.Diagnostics;
using System.IO.Compression;
using Apache.Arrow;
using Etl.Core.Schemas;
using Parquet;
using Parquet.Schema;
using ParquetSharp;
using ParquetSharp.Arrow;
using DataColumn = (Parquet.Schema.DataField Field, System.Func<Parquet.ParquetRowGroupWriter, System.Threading.Tasks.Task> Write);

namespace Etl.Bench.Contenders;

/// <summary>Other writers of Parquet by themselves, with their defaults but for zstd. Each is given the columns in the form it likes best, made before the clock starts.</summary>
internal static class ParquetWriters
{
    public static readonly string[] Names = ["write-parquetsharp", "write-parquet-net", "write-duckdb"];

    /// <summary>Reports the time for as much as all of <paramref name="file"/>.</summary>
    public static async Task MeasureAsync(string writer, Shape shape, string warmUp, string file, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("etl-bench-");
        try
        {
            foreach (var from in new[] { warmUp, file })
            {
                using var parsed = await ParsedColumns.ReadAsync(from, cancel).ConfigureAwait(false);
                var write = writer switch
                {
                    "write-parquetsharp" => ParquetSharp(parsed),
                    "write-parquet-net" => ParquetNet(parsed, cancel),
                    _ => await DuckDbAsync(parsed, shape, folder.FullName, cancel).ConfigureAwait(false),
                };
                var (processor, clock) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
                await write().ConfigureAwait(false);
                var whole = (double)new FileInfo(from).Length / parsed.Text.Length;
                if (from == file)
                    InProcess.Report(clock.Elapsed * whole, (Environment.CpuUsage.TotalTime - processor) * whole, "");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Func<Task> ParquetSharp(ParsedColumns parsed) => () =>
    {
        using var output = new MemoryStream();
        using var builder = new WriterPropertiesBuilder().Compression(Compression.Zstd);
        using var properties = builder.Build();
        using var writer = new FileWriter(output, parsed.Schema.ToArrow(), properties, leaveOpen: true);
        foreach (var batch in parsed.Batches)
            writer.WriteBufferedRecordBatch(batch);
        writer.Close();
        return Task.CompletedTask;
    };

    private static Func<Task> ParquetNet(ParsedColumns parsed, CancellationToken cancel)
    {
        DataColumn[] columns = [.. parsed.Schema.Columns.Select((c, i) => Column(c, [.. parsed.Batches.Select(b => b.Column(i))]))];
        return async () =>
        {
            using var output = new MemoryStream();
            // By default it packs as well as it can, 45 times as slowly on orders.
            var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest };
            await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(columns.Select(c => c.Field)), output, options, cancellationToken: cancel).ConfigureAwait(false);
            using var group = writer.CreateRowGroup();
            foreach (var (_, write) in columns)
                await write(group).ConfigureAwait(false);
        };
    }

    private static async Task<Func<Task>> DuckDbAsync(ParsedColumns parsed, Shape shape, string folder, CancellationToken cancel)
    {
        var text = Path.Combine(folder, "head.csv");
        await File.WriteAllBytesAsync(text, parsed.Text, cancel).ConfigureAwait(false);
        var query = DuckDbContender.Open(threads: 1);
        query($"CREATE TABLE head AS SELECT * FROM {DuckDbContender.Typed(shape, text)}");
        return () => Task.FromResult(query(DuckDbContender.CopyFrom("head", Path.Combine(folder, "head.parquet"), "zstd")));
    }

    private static DataColumn Column(Etl.Core.Schemas.Column column, IArrowArray[] arrays)
    {
        switch (column.Type)
        {
            case ColumnType.String:
                var texts = arrays.Cast<StringArray>().SelectMany(a => Enumerable.Range(0, a.Length).Select(i => a.GetString(i))).ToArray();
                var text = new DataField(column.Name, typeof(string), isNullable: true);
                return (text, group => group.WriteAsync(text, texts));
            case ColumnType.Int64:
                return Values<long>(new DataField(column.Name, typeof(long), isNullable: true), arrays, (a, i) => ((Int64Array)a).GetValue(i));
            case ColumnType.Numeric:
                return Values<decimal>(new DecimalDataField(column.Name, 38, 9, isNullable: true), arrays, (a, i) => ((Decimal128Array)a).GetValue(i));
            case ColumnType.Date:
                return Values<DateTime>(new DateTimeDataField(column.Name, DateTimeFormat.Date, isNullable: true), arrays, (a, i) => ((Date32Array)a).GetDateTime(i));
            case ColumnType.Timestamp:
                return Values<DateTime>(new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: true), arrays, (a, i) => ((TimestampArray)a).GetTimestamp(i)?.UtcDateTime);
            default:
                throw new NotSupportedException($"{column.Name} is {column.Type}");
        }
    }

    private static DataColumn Values<T>(DataField field, IArrowArray[] arrays, Func<IArrowArray, int, T?> value)
        where T : struct
    {
        var values = arrays.SelectMany(a => Enumerable.Range(0, a.Length).Select(i => value(a, i))).ToArray();
        return (field, group => group.WriteAsync<T>(field, values.AsMemory()));
    }
}
