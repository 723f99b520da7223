using System.Globalization;
using Etl.Core.Schemas;

namespace Etl.Runner.Report;

/// <summary>Where a range of a histogram starts, for a person.</summary>
internal static class HistogramEdge
{
    /// <summary>The place as a value of the column's type; for text, a length.</summary>
    public static string Text(double place, ColumnType type)
    {
        // A range's edge may lie before the first day or after the last.
        var year = Math.Clamp(place, type == ColumnType.Date ? -719_162 : -62_135_596_800, type == ColumnType.Date ? 2_932_896 : 253_402_300_799);
        return type switch
        {
            ColumnType.Date => DateTime.UnixEpoch.AddDays(year).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ColumnType.DateTime or ColumnType.Timestamp => DateTime.UnixEpoch.AddSeconds(year).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            ColumnType.Time => TimeSpan.FromSeconds(Math.Clamp(place, 0, 86_400)).ToString(@"hh\:mm", CultureInfo.InvariantCulture),
            ColumnType.Bool => place == 0 ? "false" : "true",
            _ => place.ToString(Math.Abs(place) is >= 1e7 or (> 0 and < 1e-3) ? "0.##E0" : "0.####", CultureInfo.InvariantCulture),
        };
    }
}
