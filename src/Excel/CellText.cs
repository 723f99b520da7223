using System.Globalization;
using System.Text;
using Etl.Core.Schemas;

namespace Etl.Excel;

/// <summary>Writes what cells hold as the text that the columns' parsers read, in UTF-8. For one thread; what it gives, the next call uses again.</summary>
internal sealed class CellText(Workbook book)
{
    /// <summary>Below it, a double keeps every whole number.</summary>
    public const double MostWhole = 1L << 53;

    private const double SmallestPlain = 1e-15;
    private const double LargestPlain = 7e28;
    private readonly byte[] room = new byte[512];

    /// <summary>The text of a cell.</summary>
    /// <param name="sheet">The reader that is on the cell's row.</param>
    /// <param name="cell">The cell.</param>
    /// <param name="type">The type of the column that it is for.</param>
    public ReadOnlySpan<byte> Of(SheetReader sheet, Cell cell, ColumnType type) => cell.Kind switch
    {
        CellKind.Text or CellKind.Error => sheet.TextOf(cell),
        CellKind.Bool => type == ColumnType.String ? (cell.Number != 0 ? "TRUE"u8 : "FALSE"u8) : cell.Number != 0 ? "true"u8 : "false"u8,
        CellKind.Number => Number(cell.Number, type),
        CellKind.Moment => Moment(cell, type),
        _ => [],
    };

    /// <summary>Whether a number is whole and exact.</summary>
    public static bool IsWhole(double number) => Math.Abs(number) < MostWhole && Math.Floor(number) == number;

    // 15 digits are what Excel keeps and shows; a double has all of them, and a FLOAT64 column takes the double itself.
    private ReadOnlySpan<byte> Number(double number, ColumnType type)
    {
        if (IsWhole(number)) return Write((long)number, default);
        if (type != ColumnType.Float64 && Math.Abs(number) is >= SmallestPlain and < LargestPlain) return Write((decimal)number, default);
        return Write(number, "R");
    }

    private ReadOnlySpan<byte> Moment(Cell cell, ColumnType type)
    {
        if (type is ColumnType.Int64 or ColumnType.Float64 or ColumnType.Numeric or ColumnType.BigNumeric) return Number(cell.Number, type);
        SerialDate.TryRead(cell.Number, book.Is1904, out var moment);
        if (cell.Shown is ShownTime.Time or ShownTime.Elapsed && cell.Number < 1) return TimeOf(moment.TimeOfDay);
        if (cell.Shown == ShownTime.Elapsed) return Elapsed(cell.Number);
        var isDay = moment.TimeOfDay == TimeSpan.Zero && type switch
        {
            ColumnType.Date => true,
            ColumnType.DateTime or ColumnType.Timestamp => false,
            _ => cell.Shown == ShownTime.Date,
        };
        return isDay ? Write(moment, "yyyy-MM-dd") : Write(moment, moment.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss" : "yyyy-MM-dd'T'HH:mm:ss.fff");
    }

    private ReadOnlySpan<byte> TimeOf(TimeSpan time) => Write(time, time.Milliseconds == 0 ? "hh\\:mm\\:ss" : "hh\\:mm\\:ss\\.fff");

    private ReadOnlySpan<byte> Elapsed(double days)
    {
        var time = TimeSpan.FromMilliseconds(Math.Round(days * 86_400_000));
        return room.AsSpan(0, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}"), room));
    }

    private ReadOnlySpan<byte> Write<T>(T value, ReadOnlySpan<char> format) where T : IUtf8SpanFormattable =>
        value.TryFormat(room, out var length, format, CultureInfo.InvariantCulture) ? room.AsSpan(0, length) : throw new InvalidOperationException("A number did not fit into 512 bytes.");
}
