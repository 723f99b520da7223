using System.Globalization;
using System.IO.Compression;
using System.Text;
using DuckDB.NET.Data;
using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>Real CSV files, plain, gzipped and in CP932, loaded whole and held against DuckDB's own reading of the files.</summary>
public sealed class RealFilesTests : CloudTests
{
    public static TheoryData<string, string> Files()
    {
        var data = new TheoryData<string, string>();
        foreach (var file in new[] { "airports", "birdstrikes", "disasters", "github", "seattle-weather-hourly-normals", "sp500-2000", "us-employment", "zipcodes" })
            foreach (var form in new[] { "plain", "gzip", "cp932" })
                data.Add(file, form);
        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task ARealFileIsLoadedAsItIs(string file, string form)
    {
        var source = Repository.SharedData("real", file + ".csv");
        var bytes = await File.ReadAllBytesAsync(source);
        switch (form)
        {
            case "plain":
                Workspace.Write("data/real/in/file.csv", bytes);
                break;
            case "gzip":
                Workspace.Write("data/real/in/file.csv.gz", Gzip(bytes));
                break;
            default:
                // A line in Japanese makes it what it says; the rest of the text must survive the way through CP932.
                Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
                var text = Encoding.UTF8.GetString(bytes);
                Assert.DoesNotContain(text, c => c > 0x7f);
                Workspace.Write("data/real/in/file.csv", Encoding.GetEncoding(932).GetBytes(WithJapaneseColumn(text)));
                break;
        }

        Workspace.Write("real.yaml", """
            name: real
            google: { credentials: "${GOOGLE_WIF_CONFIG:-wif.json}" }
            source: { s3: { bucket: real, prefix: in/ } }
            transforms: [ csv: { } ]
            sinks:
              - gcs: { bucket: real-staging }
              - bigquery: { project: real-project, dataset: real, table: file }
            """);

        var run = await Workspace.SucceedAsync("run", "real.yaml");

        using var duckDb = new DuckDBConnection("Data Source=:memory:");
        duckDb.Open();
        var read = $"read_csv('{source.Replace("'", "''", StringComparison.Ordinal)}', sample_size = -1)";
        var rows = (long)Ask(duckDb, $"SELECT count(*) FROM {read}")!;
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} read = {rows:N0} loaded + 0 rejected"), run.Output, StringComparison.Ordinal);
        foreach (var column in NumericColumns(duckDb, read))
        {
            var expected = Convert.ToDouble(Ask(duckDb, $"SELECT sum(\"{column}\"::DOUBLE) FROM {read}"), CultureInfo.InvariantCulture);
            var query = await Workspace.SucceedAsync("query", $"SELECT CAST(SUM(CAST(`{column}` AS FLOAT64)) AS STRING) AS total FROM `real-project.real.file`");
            var total = query.Output.Split('│').Select(cell => cell.Trim()).First(cell => double.TryParse(cell, CultureInfo.InvariantCulture, out _));
            Assert.Equal(1, double.Parse(total, CultureInfo.InvariantCulture) / expected, 9);
        }

        if (file != "zipcodes") return;
        var code = await Workspace.SucceedAsync("query", "SELECT COUNT(*) AS n FROM `real-project.real.file` WHERE zip_code = '00501'");
        Assert.Matches("│ 1 │", code.Output);
    }

    private static string WithJapaneseColumn(string text)
    {
        var lines = text.Split('\n');
        var end = text.Contains("\r\n", StringComparison.Ordinal) ? "\r" : "";
        // Only where a line is a record: files with quoted line breaks keep their columns, and get the mark in a header name.
        return text.Contains('"', StringComparison.Ordinal)
            ? lines[0].TrimEnd('\r') + "（表）" + end + "\n" + string.Join('\n', lines[1..])
            : string.Join('\n', lines.Select((line, i) => line.Length == 0 ? line : line.TrimEnd('\r') + (i == 0 ? ",備考" : ",表示ｱｲｳ") + end));
    }

    // Two are enough to tell a shifted column, and a query is a process each.
    private static List<string> NumericColumns(DuckDBConnection duckDb, string read)
    {
        using var command = duckDb.CreateCommand();
        command.CommandText = $"DESCRIBE SELECT * FROM {read}";
        using var reader = command.ExecuteReader();
        var columns = new List<string>();
        var last = "";
        while (reader.Read())
        {
            // The last column's name is where a file with quoted line breaks gets its mark.
            last = reader.GetString(0);
            if (reader.GetString(1) is "BIGINT" or "DOUBLE" && reader.GetString(0).All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && reader.GetString(0) != "zip_code")
                columns.Add(reader.GetString(0));
        }

        return [.. columns.Where(c => c != last).Take(2)];
    }

    private static object? Ask(DuckDBConnection duckDb, string sql)
    {
        using var command = duckDb.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest)) gzip.Write(bytes);
        return target.ToArray();
    }
}
