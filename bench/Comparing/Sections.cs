using Etl.Bench.Contenders;

namespace Etl.Bench.Comparing;

/// <summary>All that is measured, in the order of the report.</summary>
internal sealed class Sections(InputFiles files, string root)
{
    private static readonly Shape[] Shapes = [Shape.Orders, Shape.Wide, Shape.Quoted];
    private readonly string bench = Path.Combine(AppContext.BaseDirectory, "Etl.Bench.dll");
    private readonly string etl = Path.Combine(root, "bench", "out", "etl", "etl.dll");

    public IReadOnlyList<Section> All() =>
    [
        new("scan", "CSV to typed Arrow batches, 1 thread", Shows.Speed, "2.5 × the fastest peer on orders, 1.5 × on wide and quoted",
            cancel => EachShape(1, cancel, Ahead("Etl", "etl-file"), Ahead("Etl from memory", "etl-memory"), InProcess("DuckDB", "duckdb"), InProcess("Sylvan", "sylvan"), InProcess("CsvHelper Parse", "csvhelper"), InProcess("CsvHelper, text pointed at", "csvhelper-pointing"))),
        new("sniff", "Dialect and types of a sample, 1 thread, warm", Shows.Seconds, "5 × DuckDB on wide, under 0.1 s",
            cancel => EachShape(1, cancel, Ahead("Etl", "etl-sniff"), InProcess("DuckDB", "duckdb-sniff"))),
        new("whole", "Dialect and schema of the whole file, 2 threads", Shows.Seconds | Shows.Peak, "3 × DuckDB",
            cancel => EachShape(2, cancel, (_, file) => new Contestant("Etl", ["dotnet", etl, "infer", "--whole", file]), (_, file) => DuckDb($"FROM sniff_csv('{file}', sample_size=-1)"))),
        new("convert", "CSV to typed Parquet, 2 threads", Shows.Speed | Shows.Peak, "2 × DuckDB, 1.2 × Polars, at most 256 MB of memory", ConvertAsync),
        new("big", "2 GB of orders to zstd Parquet, 2 threads", Shows.Speed | Shows.Peak, "at most 256 MB of memory", BigAsync),
        new("compressed", "gzip and zstd objects to zstd Parquet, 2 threads", Shows.Speed | Shows.Peak, "1.5 × DuckDB", CompressedAsync),
        new("cp932", "CP932 to zstd Parquet, 2 threads", Shows.Speed | Shows.Peak, "1.5 × iconv piped into DuckDB", Cp932Async),
        new("bytes", "Bytes of zstd Parquet", Shows.Size, "smaller than gzip -6 of the CSV and than DuckDB's", BytesAsync),
        new("profile", "Where the time goes, with the limits beside it, 1 thread", Shows.Speed, "the scan near CsvHelper's own spans; what is left is the Parquet writer's",
            cancel => EachShape(1, cancel, InProcess("memory read", "read-memory"), InProcess("file read", "read-file"), InProcess("CsvHelper spans", "spans"), Ahead("Etl scan", "etl-file"), Ahead("Parquet snappy of pre-built columns", "encode-snappy"), Ahead("Parquet zstd of pre-built columns", "encode-zstd"))),
        new("writers", "Columns parsed beforehand to zstd Parquet, 1 thread", Shows.Speed, "which writer to build on: decision 21",
            cancel => EachShape(1, cancel, Ahead("Etl", "encode-zstd"), InProcess("ParquetSharp as it is", "write-parquetsharp"), InProcess("Parquet.Net", "write-parquet-net"), InProcess("DuckDB", "write-duckdb"))),
    ];

    private Func<Shape, string, Contestant> InProcess(string name, string contender) =>
        (shape, file) => new Contestant(name, ["dotnet", bench, "measure", contender, shape.ToString(), file]);

    // As what is published: compiled ahead, with no profile. The peers have the JIT's profile of their warm-up, which is the best for them.
    private Func<Shape, string, Contestant> Ahead(string name, string contender) =>
        (shape, file) =>
        {
            var measured = InProcess(name, contender)(shape, file);
            return measured with { Command = ["env", "DOTNET_TC_QuickJit=0", "DOTNET_TieredPGO=0", .. measured.Command] };
        };

    private Contestant DuckDb(string sql, string? output = null) => new("DuckDB", ["dotnet", bench, "duckdb", "--threads", "2", sql], output);

    private Contestant Etl(string input, string codec)
    {
        var output = files.Output("etl.parquet");
        return new Contestant("Etl", ["dotnet", etl, "convert", input, output, "--compression", codec], output);
    }

    private Contestant DuckDbCopy(string input, string codec)
    {
        var output = files.Output("duckdb.parquet");
        return DuckDb(DuckDbContender.Copy(input, output, codec), output);
    }

    private Contestant Polars(string input, string codec)
    {
        var output = files.Output("polars.parquet");
        return new Contestant("Polars", ["node", Path.Combine(root, "bench", "peers", "polars.mjs"), input, output, codec], output);
    }

    private async Task<IReadOnlyList<Comparison>> EachShape(int threads, CancellationToken cancel, params Func<Shape, string, Contestant>[] contestants)
    {
        var comparisons = new List<Comparison>();
        foreach (var shape in Shapes)
        {
            var file = await files.PlainAsync(shape, cancel).ConfigureAwait(false);
            comparisons.Add(new(Name(shape), shape, new FileInfo(file).Length, threads, [file], [.. contestants.Select(c => c(shape, file))]));
        }

        return comparisons;
    }

    private async Task<IReadOnlyList<Comparison>> ConvertAsync(CancellationToken cancel)
    {
        var comparisons = new List<Comparison>();
        foreach (var codec in new[] { "zstd", "snappy" })
        {
            foreach (var shape in Shapes)
            {
                var file = await files.PlainAsync(shape, cancel).ConfigureAwait(false);
                comparisons.Add(new($"{Name(shape)}, {codec}", shape, new FileInfo(file).Length, 2, [file], [Etl(file, codec), DuckDbCopy(file, codec), Polars(file, codec)]));
            }
        }

        return comparisons;
    }

    private async Task<IReadOnlyList<Comparison>> BigAsync(CancellationToken cancel)
    {
        var file = await files.PlainAsync(Shape.Orders, cancel, files.SizeOf(Shape.Orders) * 10 / 3).ConfigureAwait(false);
        return [new("orders, 2 GB", Shape.Orders, new FileInfo(file).Length, 2, [file], [Etl(file, "zstd"), DuckDbCopy(file, "zstd"), Polars(file, "zstd")])];
    }

    private async Task<IReadOnlyList<Comparison>> CompressedAsync(CancellationToken cancel)
    {
        var comparisons = new List<Comparison>();
        foreach (var shape in Shapes)
        {
            var bytes = new FileInfo(await files.PlainAsync(shape, cancel).ConfigureAwait(false)).Length;
            foreach (var file in new[] { await files.GzipAsync(shape, cancel).ConfigureAwait(false), await files.ZstdAsync(shape, cancel).ConfigureAwait(false) })
                comparisons.Add(new($"{Name(shape)}{Path.GetExtension(file)}", shape, bytes, 2, [file], [Etl(file, "zstd"), DuckDbCopy(file, "zstd")]));
        }

        return comparisons;
    }

    private async Task<IReadOnlyList<Comparison>> Cp932Async(CancellationToken cancel)
    {
        var bytes = new FileInfo(await files.PlainAsync(Shape.Orders, cancel).ConfigureAwait(false)).Length;
        var file = await files.Cp932Async(Shape.Orders, cancel).ConfigureAwait(false);
        var output = files.Output("duckdb.parquet");
        // Its sniffer reads a pipe and cannot go back, so that it is told what it would have found out.
        var typed = DuckDbContender.CopyFrom(DuckDbContender.Typed(Shape.Orders, "/dev/stdin"), output, "zstd").Replace("\"", "\\\"", StringComparison.Ordinal);
        var piped = new Contestant("iconv, DuckDB", ["bash", "-c", $"set -o pipefail; iconv -f CP932 -t UTF-8 '{file}' | dotnet '{bench}' duckdb --threads 2 \"{typed}\""], output);
        return [new("orders, CP932", Shape.Orders, bytes, 2, [file], [Etl(file, "zstd"), piped])];
    }

    private async Task<IReadOnlyList<Comparison>> BytesAsync(CancellationToken cancel)
    {
        var comparisons = new List<Comparison>();
        foreach (var shape in Shapes)
        {
            var file = await files.PlainAsync(shape, cancel).ConfigureAwait(false);
            var gzip = files.Output("gzip.csv.gz");
            comparisons.Add(new(Name(shape), shape, new FileInfo(file).Length, 2, [file],
                [Etl(file, "zstd"), DuckDbCopy(file, "zstd"), Polars(file, "zstd"), new Contestant("gzip -6 of the CSV", ["bash", "-c", $"gzip -6 -c '{file}' > '{gzip}'"], gzip)]));
        }

        return comparisons;
    }

#pragma warning disable CA1308 // The names of the files in the docs are lower case.
    private static string Name(Shape shape) => shape.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
