using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
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
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
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
            Date32Array dates => string.Create(CultureInfo.InvariantCulture, $"{dates.Values[row]} days since 1970-01-01"),
            TimestampArray times => string.Create(CultureInfo.InvariantCulture, $"{times.Values[row]} {Unit(times)} since 1970-01-01T00:00:00"),
            _ => "",
        };
    }

    private static string Unit(TimestampArray times) => ((TimestampType)times.Data.DataType).Unit switch
    {
        TimeUnit.Second => "seconds",
        TimeUnit.Millisecond => "milliseconds",
        TimeUnit.Microsecond => "microseconds",
        _ => "nanoseconds",
    };
}
