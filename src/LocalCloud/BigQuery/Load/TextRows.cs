using System.Globalization;
using DuckDB.NET.Data;
using Etl.LocalCloud.BigQuery.Types;

namespace Etl.LocalCloud.BigQuery.Load;

/// <summary>Files whose values are text: read as text, then each value parsed as strictly as BigQuery does, and the bad ones named.</summary>
internal abstract class TextRows(IReadOnlyList<LoadFile> files, long maxBad) : LoadRows
{
    private const int MostErrors = 5;

    /// <summary>The files.</summary>
    protected IReadOnlyList<LoadFile> Files { get; } = files;

    public override (long Rows, long Bad) Insert(DuckDBConnection open, string table, IReadOnlyList<Field> fields)
    {
        long rows = 0, bad = 0;
        var errors = new List<string>();
        foreach (var file in Files)
        {
            var text = $"text_{Guid.NewGuid():N}";
            Read(open, file, fields, text);
            var valid = string.Join(" AND ", fields.Select(f => $"({(f.Required ? "" : $"{Sql.Name(f.Name)} IS NULL OR ")}({Parsed(f)}) IS NOT NULL)"));
            var wrong = Convert.ToInt64(Warehouse.Query(open, $"SELECT count(*) FROM {text} WHERE NOT ({valid})")[0][0], CultureInfo.InvariantCulture);
            if (wrong > 0) errors.AddRange(Explain(open, file, fields, text, valid));
            bad += wrong;
            rows += Warehouse.Execute(open, $"INSERT INTO {table} ({string.Join(", ", fields.Select(f => Sql.Name(f.Name)))}) SELECT {string.Join(", ", fields.Select(Parsed))} FROM {text} WHERE {valid}");
            Warehouse.Execute(open, $"DROP TABLE {text}");
        }

        if (bad > maxBad)
            throw new BigQueryRefusedException(400, "invalid", $"Error while reading data, error message: {Kind} table encountered too many errors, giving up. Rows: {rows + bad}; errors: {bad}. Please look into the errors[] collection for more details.") { Details = [.. errors.Take(MostErrors)] };
        return (rows, bad);
    }

    /// <summary>How messages call the format.</summary>
    protected abstract string Kind { get; }

    /// <summary>Reads a file into a table of texts called <paramref name="into"/>, with the fields' names and the 0-based row number in <c>_row</c>.</summary>
    protected abstract void Read(DuckDBConnection open, LoadFile file, IReadOnlyList<Field> fields, string into);

    /// <summary>Where a row starts in the file, in bytes, or null when it is not known.</summary>
    protected abstract long? Location(LoadFile file, long row);

    /// <summary>The first bytes say whether a file is gzip.</summary>
    public static bool IsGzip(LoadFile file)
    {
        using var stream = File.OpenRead(file.Path);
        return stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
    }

    private IEnumerable<string> Explain(DuckDBConnection open, LoadFile file, IReadOnlyList<Field> fields, string text, string valid)
    {
        foreach (var row in Warehouse.Query(open, $"SELECT \"_row\", {string.Join(", ", fields.SelectMany(f => new[] { $"{Sql.Name(f.Name)}", $"({Parsed(f)}) IS NOT NULL" }))} FROM {text} WHERE NOT ({valid}) ORDER BY \"_row\" LIMIT {MostErrors}"))
            for (var i = 0; i < fields.Count; i++)
            {
                var (value, parsed) = ((string?)row[1 + (2 * i)], (bool)row[2 + (2 * i)]!);
                var at = Location(file, Convert.ToInt64(row[0], CultureInfo.InvariantCulture)) is { } location ? $" starting at location {location}" : "";
                if (value is null && fields[i].Required)
                    yield return $"Error while reading data, error message: Required column value for field {fields[i].Name} (position {i}){at} is missing File: {file.Uri}";
                else if (value is not null && !parsed)
                    yield return $"Error while reading data, error message: Could not parse '{value}' as {fields[i].Type.SqlName()} for field {fields[i].Name} (position {i}){at} with message 'Unable to parse' File: {file.Uri}";
            }
    }

    /// <summary>The value of a text, or null when it is none of the type.</summary>
    private static string Parsed(Field field)
    {
        var column = Sql.Name(field.Name);
        string When(string pattern, string value) => $"CASE WHEN regexp_full_match({column}, {Sql.Text(pattern)}) THEN {value} END";
        return field.Type switch
        {
            FieldType.Int64 => When(@"\s*[+-]?[0-9]+\s*", $"TRY_CAST(trim({column}) AS BIGINT)"),
            FieldType.Float64 => $"TRY_CAST(trim({column}) AS DOUBLE)",
            FieldType.Numeric => When(@"\s*[+-]?([0-9]{1,29}(\.[0-9]{0,9}0*)?|\.[0-9]{1,9}0*)([eE][+-]?[0-9]+)?\s*", $"TRY_CAST(trim({column}) AS DECIMAL(38,9))"),
            FieldType.BigNumeric => When(@"\s*[+-]?[0-9]{1,39}(\.[0-9]{0,38})?\s*", $"trim({column})"),
            FieldType.Bool => $"CASE lower(trim({column})) WHEN 'true' THEN true WHEN 't' THEN true WHEN 'yes' THEN true WHEN 'y' THEN true WHEN '1' THEN true WHEN 'false' THEN false WHEN 'f' THEN false WHEN 'no' THEN false WHEN 'n' THEN false WHEN '0' THEN false END",
            FieldType.Date => When(@"\s*[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,2}\s*", $"TRY_CAST(replace(trim({column}), '/', '-') AS DATE)"),
            FieldType.Time => When(@"\s*[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]{1,6})?)?\s*", $"TRY_CAST(trim({column}) AS TIME)"),
            FieldType.DateTime => When(@"\s*[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T][0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]{1,6})?)?)?\s*", $"TRY_CAST(replace(trim({column}), '/', '-') AS TIMESTAMP)"),
            FieldType.Timestamp => When(@"\s*[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T][0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]{1,6})?)?)?( ?UTC|Z|[ ]?[+-][0-9]{1,2}(:?[0-9]{2})?)?\s*", $"TRY_CAST(regexp_replace(replace(trim({column}), '/', '-'), ' ?UTC$', 'Z') AS TIMESTAMPTZ)"),
            FieldType.Bytes => $"TRY(from_base64({column}))",
            _ => column,
        };
    }
}
