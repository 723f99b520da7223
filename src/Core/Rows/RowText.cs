using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Schemas;
using Etl.Core.Statistics;

namespace Etl.Core.Rows;

/// <summary>A row of a batch for a person: a JSON object of texts, missing values left out.</summary>
internal static class RowText
{
    public static string Of(RecordBatch batch, int row)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            for (var i = 0; i < batch.ColumnCount; i++)
                if (Value(batch.Column(i), row) is { } value) json.WriteString(batch.Schema.FieldsList[i].Name, value);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static string? Value(IArrowArray column, int row) => column.IsNull(row) ? null : column switch
    {
        StringArray texts => texts.GetString(row),
        Int64Array numbers => StatisticText.Whole(numbers.Values[row], ColumnType.Int64),
        DoubleArray numbers => StatisticText.Float(numbers.Values[row]),
        Decimal128Array numbers => numbers.GetString(row),
        Decimal256Array numbers => numbers.GetString(row),
        BooleanArray flags => flags.GetValue(row) is true ? "true" : "false",
        Date32Array days => StatisticText.Whole(days.Values[row], ColumnType.Date),
        TimestampArray times => StatisticText.Whole(times.Values[row], times.Data.DataType is TimestampType { Timezone: null } ? ColumnType.DateTime : ColumnType.Timestamp),
        Time64Array times => StatisticText.Whole(times.Values[row], ColumnType.Time),
        _ => throw new InvalidOperationException($"No text form for Arrow's {column.Data.DataType.Name}."),
    };
}
