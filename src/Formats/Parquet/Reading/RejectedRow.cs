using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Etl.Formats.Text;

namespace Etl.Formats.Parquet.Reading;

/// <summary>A row that does not fit, shown as a JSON object of texts.</summary>
internal static class RejectedRow
{
    private const int MostCharacters = 64 << 10;

    /// <summary>The values of a row, null ones left out.</summary>
    public static string Text(IReadOnlyList<string> names, IReadOnlyList<IArrowArray> columns, int row)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            for (var i = 0; i < names.Count; i++)
                if (Value(columns[i], row) is { } value) json.WriteString(names[i], value);
            json.WriteEndObject();
        }

        var text = Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        return text.Length > MostCharacters ? text[..MostCharacters] : text;
    }

    /// <summary>The text of one value; null when it is missing.</summary>
    public static string? Value(IArrowArray column, int row)
    {
        if (column.IsNull(row)) return null;
        return column switch
        {
            Int64Array or DoubleArray or BooleanArray or StringArray or Decimal128Array or Decimal256Array => ValueText.Format(column, row),
            // What is out of range has no text as a date.
            _ => ((column as Apache.Arrow.Array)?.Data.DataType.Name ?? "") switch
            {
                _ when column is Date32Array a => a.Values[row].ToString(System.Globalization.CultureInfo.InvariantCulture) + " days since 1970-01-01",
                _ when column is TimestampArray a => $"{a.Values[row]} {((Apache.Arrow.Types.TimestampType)a.Data.DataType).Unit} since 1970-01-01".ToLowerInvariant(),
                var other => other,
            },
        };
    }
}
