using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Etl.LocalCloud.BigQuery.Types;

namespace Etl.LocalCloud.BigQuery.Load;

/// <summary>Files with one JSON object a line (https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-json).</summary>
internal sealed class JsonRows(IReadOnlyList<LoadFile> files, JsonObject load) : TextRows(files, load["maxBadRecords"]?.GetValue<long>() ?? 0)
{
    protected override string Kind => "JSON";

    public override IReadOnlyList<Field> Detect(DuckDBConnection open, bool autodetect)
    {
        if (!autodetect) throw BigQueryRefusedException.Invalid("No schema specified on job or table.");
        return [.. Warehouse.Describe(open, $"SELECT * FROM {Source(Files[0], "")}").Select(c => new Field(c.Name, FieldTypes.OfDuckDb(c.Type, c.Name), false, null))];
    }

    protected override void Read(DuckDBConnection open, LoadFile file, IReadOnlyList<Field> fields, string into)
    {
        var columns = string.Join(", ", fields.Select(f => $"{Sql.Text(f.Name)}: 'VARCHAR'"));
        try
        {
            Warehouse.Execute(open, $"CREATE TEMP TABLE {into} AS SELECT *, (row_number() OVER ()) - 1 AS \"_row\" FROM {Source(file, $", columns = {{{columns}}}")}");
        }
        catch (DuckDBException e)
        {
            throw new BigQueryRefusedException(400, "invalid", "Error while reading data, error message: JSON table encountered too many errors, giving up. Rows: 0; errors: 1. Please look into the errors[] collection for more details.")
            {
                Details = [$"Error while reading data, error message: JSON parsing error: {e.Message.Split('\n')[0].Replace(file.Path, file.Uri, StringComparison.Ordinal)} File: {file.Uri}"],
            };
        }
    }

    protected override long? Location(LoadFile file, long row) => null;

    private static string Source(LoadFile file, string options) =>
        $"read_json({Sql.Text(file.Path)}, format = 'newline_delimited', compression = '{(IsGzip(file) ? "gzip" : "uncompressed")}'{options})";
}
