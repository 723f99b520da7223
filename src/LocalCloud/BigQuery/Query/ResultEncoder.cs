using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Etl.LocalCloud.BigQuery.Types;

namespace Etl.LocalCloud.BigQuery.Query;

/// <summary>Rows as the API writes them: <c>{"f": [{"v": "text"}]}</c>.</summary>
internal static class ResultEncoder
{
    public static JsonObject Row(object?[] row, IReadOnlyList<Field> fields, bool int64Timestamps) => new()
    {
        ["f"] = new JsonArray([.. row.Select((value, i) => new JsonObject { ["v"] = value is null ? null : Text(value, fields[i].Type, int64Timestamps) })]),
    };

    private static string Text(object value, FieldType type, bool int64Timestamps) => value switch
    {
        bool flag => flag ? "true" : "false",
        double number => double.IsInteger(number) && Math.Abs(number) < 1e15 ? number.ToString("0.0", CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture),
        float number => ((double)number).ToString("R", CultureInfo.InvariantCulture),
        string number when type is FieldType.Numeric or FieldType.BigNumeric => Plain(number),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        TimeSpan time => TimeOnly.FromTimeSpan(time).ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateTime date when type == FieldType.Date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime date when type == FieldType.Timestamp => Timestamp(date, int64Timestamps),
        DateTimeOffset instant => Timestamp(instant.UtcDateTime, int64Timestamps),
        DateTime date => date.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        Stream stream => Base64(stream),
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Timestamp(DateTime utc, bool int64)
    {
        var micros = (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        return int64 ? micros.ToString(CultureInfo.InvariantCulture) : (micros / 1e6).ToString("0.0###############E0", CultureInfo.InvariantCulture);
    }

    private static string Plain(string number) => number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number;

    private static string Base64(Stream stream)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Convert.ToBase64String(bytes.ToArray());
    }
}
