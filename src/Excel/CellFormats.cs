using System.Globalization;
using System.Text;
using Etl.Core.Schemas;
using Etl.Csv.Values.Formats;

namespace Etl.Excel;

/// <summary>The formats of columns, which say how texts are written: what cells hold as a number, a date or a truth is written as the column's parser reads it, and dates in text are read as their format says.</summary>
internal sealed class CellFormats
{
    private readonly ColumnFormat?[] formats;
    private readonly Dictionary<int, Func<byte[], string?>> dates = [];

    /// <param name="schema">The columns.</param>
    public CellFormats(TableSchema schema)
    {
        formats = [.. schema.Columns.Select(c => c.Format is { ChangesValues: true } format ? format : null)];
        for (var i = 0; i < formats.Length; i++)
            if (formats[i]?.Pattern is not null) dates[i] = Reader(schema.Columns[i].Type, formats[i]!);
        Parsed = new TableSchema([.. schema.Columns.Select(c => c.Format?.Pattern is null ? c : c with { Format = c.Format with { Pattern = null } })]);
    }

    /// <summary>The columns, for what <see cref="Apply"/> gives.</summary>
    public TableSchema Parsed { get; }

    /// <summary>The text of a cell as its column's parser reads it.</summary>
    /// <param name="column">The column.</param>
    /// <param name="kind">What the cell holds.</param>
    /// <param name="text">Its text.</param>
    public ReadOnlySpan<byte> Apply(int column, CellKind kind, ReadOnlySpan<byte> text)
    {
        if (formats[column] is not { } format) return text;
        return kind switch
        {
            CellKind.Text when dates.TryGetValue(column, out var read) => read(text.ToArray()) is { } plain ? Encoding.UTF8.GetBytes(plain) : text,
            CellKind.Number or CellKind.Moment when format.Decimal is { } sign and not "." => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).Replace(".", sign, StringComparison.Ordinal)),
            CellKind.Bool when (text[0] is (byte)'t' or (byte)'T' ? format.True : format.False) is [{ } word, ..] => Encoding.UTF8.GetBytes(word),
            _ => text,
        };
    }

    private static Func<byte[], string?> Reader(ColumnType type, ColumnFormat format)
    {
        if (type == ColumnType.Date)
        {
            var days = FieldFormats.Create<int>(type, format);
            return text => days.TryParse(text, out var day) ? DateTime.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
        }

        var micros = FieldFormats.Create<long>(type, format);
        var written = type switch
        {
            ColumnType.Time => "HH:mm:ss.ffffff",
            ColumnType.Timestamp => "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
            _ => "yyyy-MM-dd'T'HH:mm:ss.ffffff",
        };
        return text => micros.TryParse(text, out var moment) ? DateTime.UnixEpoch.AddMicroseconds(moment).ToString(written, CultureInfo.InvariantCulture) : null;
    }
}
