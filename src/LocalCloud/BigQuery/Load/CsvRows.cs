using System.IO.Compression;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Etl.LocalCloud.BigQuery.Types;

namespace Etl.LocalCloud.BigQuery.Load;

/// <summary>CSV files (https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-csv#csv-options).</summary>
internal sealed class CsvRows(IReadOnlyList<LoadFile> files, JsonObject load) : TextRows(files, load["maxBadRecords"]?.GetValue<long>() ?? 0)
{
    private readonly List<string> decoded = [];

    protected override string Kind => "CSV";

    private string Delimiter => load["fieldDelimiter"]?.GetValue<string>() is not { Length: > 0 } delimiter ? "," : delimiter is "tab" or "\\t" ? "\t" : delimiter;

    private string Quote => load["quote"]?.GetValue<string>() ?? "\"";

    private long Skip => load["skipLeadingRows"] is { } skip ? long.Parse(skip.ToString(), System.Globalization.CultureInfo.InvariantCulture) : 0;

    public override IReadOnlyList<Field> Detect(DuckDBConnection open, bool autodetect)
    {
        if (!autodetect) throw BigQueryRefusedException.Invalid("No schema specified on job or table.");
        var columns = Warehouse.Describe(open, $"SELECT * FROM read_csv({Sql.Text(Plain(Files[0]))})");
        return [.. columns.Select(c => new Field(c.Name, FieldTypes.OfDuckDb(c.Type, c.Name), false, null))];
    }

    protected override void Read(DuckDBConnection open, LoadFile file, IReadOnlyList<Field> fields, string into)
    {
        var path = Plain(file);
        RefuseNulBytes(file, path);
        var jagged = load["allowJaggedRows"]?.GetValue<bool>() == true;
        var nullMarker = load["nullMarker"]?.GetValue<string>() ?? "";
        var columns = string.Join(", ", fields.Select(f => $"{Sql.Text(f.Name)}: 'VARCHAR'"));
        try
        {
            Warehouse.Execute(open, $"""
                CREATE TEMP TABLE {into} AS SELECT *, (row_number() OVER ()) - 1 AS "_row" FROM read_csv({Sql.Text(path)}, auto_detect = false, header = false, skip = {Skip}, columns = {"{" + columns + "}"},
                    delim = {Sql.Text(Delimiter)}, quote = {Sql.Text(Quote)}, escape = {Sql.Text(Quote)}, nullstr = {Sql.Text(nullMarker)}, allow_quoted_nulls = false, null_padding = {(jagged ? "true" : "false")},
                    strict_mode = true, max_line_size = 10485760, buffer_size = 33554432, parallel = false)
                """);
        }
        catch (DuckDBException e)
        {
            throw new BigQueryRefusedException(400, "invalid", "Error while reading data, error message: CSV table encountered too many errors, giving up. Rows: 0; errors: 1. Please look into the errors[] collection for more details.")
            {
                Details = [$"Error while reading data, error message: {e.Message.Split('\n')[0].Replace(path, file.Uri, StringComparison.Ordinal)} File: {file.Uri}"],
            };
        }
    }

    protected override long? Location(LoadFile file, long row)
    {
        using var stream = new BufferedStream(File.OpenRead(Plain(file)), 1 << 16);
        var quote = Quote.Length == 1 ? Quote[0] : -1;
        var (left, offset, quoted) = (row + Skip, 0L, false);
        int one;
        while (left > 0 && (one = stream.ReadByte()) >= 0)
        {
            offset++;
            if (one == quote) quoted = !quoted;
            else if (one == '\n' && !quoted) left--;
        }

        return offset;
    }

    public override void Dispose()
    {
        foreach (var path in decoded) File.Delete(path);
        base.Dispose();
    }

    // UTF-8 without compression: what DuckDB reads and locations count.
    private string Plain(LoadFile file)
    {
        var latin = (load["encoding"]?.GetValue<string>() ?? "UTF-8") switch
        {
            "UTF-8" => false,
            "ISO-8859-1" => true,
            var other => throw BigQueryRefusedException.Invalid($"The local BigQuery does not read {other}; it reads UTF-8 and ISO-8859-1."),
        };
        if (!IsGzip(file) && !latin) return file.Path;
        var path = file.Path + ".plain";
        if (decoded.Contains(path)) return path;
        decoded.Add(path);
        using var source = IsGzip(file) ? new GZipStream(File.OpenRead(file.Path), CompressionMode.Decompress) : (Stream)File.OpenRead(file.Path);
        using var target = File.Create(path);
        if (!latin)
        {
            source.CopyTo(target);
            return path;
        }

        using var reader = new StreamReader(source, System.Text.Encoding.Latin1);
        using var writer = new StreamWriter(target, new System.Text.UTF8Encoding(false));
        var buffer = new char[1 << 16];
        int read;
        while ((read = reader.Read(buffer)) > 0) writer.Write(buffer, 0, read);
        return path;
    }

    private void RefuseNulBytes(LoadFile file, string path)
    {
        if (load["preserveAsciiControlCharacters"]?.GetValue<bool>() == true) return;
        using var stream = File.OpenRead(path);
        var buffer = new byte[1 << 16];
        int read;
        while ((read = stream.Read(buffer)) > 0)
            if (buffer.AsSpan(0, read).Contains((byte)0))
                throw BigQueryRefusedException.Invalid($"Error while reading data, error message: Bad character (ASCII 0) encountered. File: {file.Uri}");
    }
}
