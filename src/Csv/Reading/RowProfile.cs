namespace Etl.Csv.Reading;

/// <summary>What the rows of an object look like: the profile of each column.</summary>
internal sealed class RowProfile
{
    private const int MaxRows = 300;
    private const int MaxCells = 50_000;

    /// <summary>The columns; empty when the sample shows no row that is plainly right.</summary>
    public required IReadOnlyList<ColumnProfile> Columns { get; init; }

    /// <summary>A profile that says nothing but how many columns there are.</summary>
    public static RowProfile Unknown(int width) => new() { Columns = [.. Enumerable.Range(0, width).Select(_ => new ColumnProfile())] };

    /// <summary>Looks at the rows of a sample that have all fields and no fault.</summary>
    /// <param name="text">The sample in UTF-8, preamble and header included.</param>
    /// <param name="dialect">How it is written.</param>
    /// <param name="width">How many columns there are.</param>
    public static RowProfile Of(ReadOnlyMemory<byte> text, CsvDialect dialect, int width)
    {
        var exact = Of(text, dialect, width, trailing: 0);
        return exact.Columns is [{ Cells: 0 }, ..] ? Of(text, dialect, width, trailing: 1) : exact;
    }

    // Rows that all end with a delimiter have one empty field more.
    private static RowProfile Of(ReadOnlyMemory<byte> text, CsvDialect dialect, int width, int trailing)
    {
        var profile = Unknown(width);
        var faults = 0;
        using var reader = RecordReaders.Open(text, dialect, _ => faults++);
        for (var i = 0; dialect.HasHeader && i < dialect.HeaderRows; i++)
            reader.Read();
        for (var rows = 0; rows < MaxRows && rows * width < MaxCells && reader.Read(); rows++)
        {
            var whole = faults == 0 && reader.FieldCount == width + trailing;
            faults = 0;
            for (var i = width; whole && i < reader.FieldCount; i++)
                whole = reader.GetSpan(i).IsEmpty;
            for (var i = 0; whole && i < width; i++)
                profile.Columns[i].Add(reader.GetSpan(i), reader.GetRawSpan(i) is [var first, ..] && first == dialect.Quote);
        }
        return profile;
    }

    /// <summary>How badly a row fits: the sum over its fields.</summary>
    public int Misfit(IReadOnlyList<LooseField> fields)
    {
        var sum = 0;
        for (var i = 0; i < Math.Min(fields.Count, Columns.Count); i++)
            sum += Columns[i].Misfit(fields[i].Text.Span);
        return sum;
    }
}
