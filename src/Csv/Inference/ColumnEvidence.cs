using Etl.Core.Schemas;
using Etl.Csv.Values;

namespace Etl.Csv.Inference;

/// <summary>What the samples show about one column, and the type that follows.</summary>
public sealed class ColumnEvidence
{
    // As many digits as every double keeps.
    private const int FloatDigits = 15;
    private readonly long[] counts = new long[ValueClassifier.Kinds];
    private readonly FoundValue?[] firsts = new FoundValue?[ValueClassifier.Kinds];
    private bool floatWouldRound;

    internal ColumnEvidence(string name, string? sourceName) => (Name, SourceName) = (name, sourceName);

    /// <summary>The column's legal name.</summary>
    public string Name { get; }

    /// <summary>The name in the header, when it differs.</summary>
    public string? SourceName { get; }

    /// <summary>How many values were looked at, empty ones included.</summary>
    public long Values => counts.Sum();

    /// <summary>How many values were empty.</summary>
    public long Empty => counts[(int)ValueKind.Empty];

    /// <summary>How many values there were of a kind.</summary>
    public long CountOf(ValueKind kind) => counts[(int)kind];

    /// <summary>The type that every value fits.</summary>
    public ColumnType Type
    {
        get
        {
            var values = Values - Empty;
            if (values == 0)
                return ColumnType.String;
            if (Only(ValueKind.Bool))
                return ColumnType.Bool;
            if (Only(ValueKind.Date) || Only(ValueKind.SlashDate))
                return ColumnType.Date;
            if (Only(ValueKind.DateTime) || Only(ValueKind.SlashDateTime))
                return ColumnType.DateTime;
            if (Only(ValueKind.Timestamp) || Only(ValueKind.SlashTimestamp))
                return ColumnType.Timestamp;
            if (Only(ValueKind.Time))
                return ColumnType.Time;
            if (Only(ValueKind.Integer))
                return ColumnType.Int64;
            var numbers = CountOf(ValueKind.Integer) + CountOf(ValueKind.Numeric) + CountOf(ValueKind.BigNumeric) + CountOf(ValueKind.Float);
            if (numbers != values)
                return ColumnType.String;
            if (CountOf(ValueKind.Float) > 0)
                return floatWouldRound ? ColumnType.String : ColumnType.Float64;
            return CountOf(ValueKind.BigNumeric) > 0 ? ColumnType.BigNumeric : ColumnType.Numeric;

            bool Only(ValueKind kind) => CountOf(kind) == values;
        }
    }

    /// <summary>Why the column is text although most values are not, or null: where the first odd value is.</summary>
    public (ValueKind Usual, long Count, ValueKind Odd, FoundValue Where)? RuledOut
    {
        get
        {
            if (Type != ColumnType.String || Values == Empty)
                return null;
            var usual = Enum.GetValues<ValueKind>().Where(k => k is > ValueKind.Empty and < ValueKind.Text).MaxBy(CountOf);
            if (CountOf(usual) == 0)
                return LeadingZeros();
            var odd = Enum.GetValues<ValueKind>().Where(k => k != ValueKind.Empty && k != usual && CountOf(k) > 0).MinBy(CountOf);
            return (usual, CountOf(usual), odd, firsts[(int)odd]!);
        }
    }

    /// <summary>The first value of a kind; null when there was none.</summary>
    public FoundValue? FirstOf(ValueKind kind) => firsts[(int)kind];

    /// <summary>Evidence for the same column that has seen nothing, to gather elsewhere and <see cref="Merge"/>.</summary>
    internal ColumnEvidence Fork() => new(Name, SourceName);

    /// <summary>Adds what <paramref name="other"/> saw. The order of merging does not matter.</summary>
    internal void Merge(ColumnEvidence other)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
            if (other.firsts[i] is { } first && (firsts[i] is not { } mine || first.IsBefore(mine)))
                firsts[i] = first;
        }
        floatWouldRound |= other.floatWouldRound;
    }

    internal void Add(ReadOnlySpan<byte> text, in RecordPlace place)
    {
        var kind = ValueClassifier.Classify(text);
        if (counts[(int)kind]++ == 0)
            firsts[(int)kind] = FoundValue.At(place, text);
        if (kind is ValueKind.Integer or ValueKind.Numeric or ValueKind.BigNumeric && !floatWouldRound)
            floatWouldRound = DecimalText.TrySplit(text, out var parts) && parts.Whole.Length + parts.Fraction.Length > FloatDigits;
    }

    internal void AddEmpty() => counts[(int)ValueKind.Empty]++;

    private (ValueKind, long, ValueKind, FoundValue)? LeadingZeros()
    {
        foreach (var kind in (ReadOnlySpan<ValueKind>)[ValueKind.LeadingZero, ValueKind.PlusSign, ValueKind.LargeInteger, ValueKind.LongDecimal])
        {
            if (CountOf(kind) > 0)
                return (kind, CountOf(kind), kind, firsts[(int)kind]!);
        }
        return null;
    }
}
