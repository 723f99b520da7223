using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Etl.LocalCloud.BigQuery.Types;

namespace Etl.LocalCloud.BigQuery.Load;

/// <summary>The rows of a load job's files, in one of the formats.</summary>
internal abstract class LoadRows : IDisposable
{
    /// <summary>The rows that a load's configuration describes.</summary>
    public static LoadRows Open(JsonObject load, IReadOnlyList<LoadFile> files) => (load["sourceFormat"]?.GetValue<string>() ?? "CSV") switch
    {
        "PARQUET" => new ParquetRows(files),
        "CSV" => new CsvRows(files, load),
        "NEWLINE_DELIMITED_JSON" => new JsonRows(files, load),
        var other => throw BigQueryRefusedException.Invalid($"The local BigQuery does not load {other}; it loads PARQUET, CSV and NEWLINE_DELIMITED_JSON."),
    };

    /// <summary>The columns that the files themselves show.</summary>
    public abstract IReadOnlyList<Field> Detect(DuckDBConnection open, bool autodetect);

    /// <summary>Inserts all rows into <paramref name="table"/>, a DuckDB name, inside the caller's transaction.</summary>
    /// <returns>Rows inserted, and rows left out as bad.</returns>
    public abstract (long Rows, long Bad) Insert(DuckDBConnection open, string table, IReadOnlyList<Field> fields);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
