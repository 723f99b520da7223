using System.Text;
using Etl.Core.Schemas;
using Etl.Csv.Values;

namespace Etl.Csv.Inference;

/// <summary>What the samples show about one column, and the type that follows.</summary>
public sealed class ColumnEvidence
{
    // As many digits as every double keeps.
    private const int FloatDigits = 15;
    private readonly long[] counts = new long[ValueClassifier.Kinds];
    private readonly (string Object, long Line, string Value)[] firsts = new (string, long, string)[ValueClassifier.Kinds];
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
    public (ValueKind Usual, long Count, ValueKind Odd, string Object, long Line)? RuledOut
    {
        get
        {
            if (Type != ColumnType.String || Values == Empty)
                return null;
            var usual = Enum.GetValues<ValueKind>().Where(k => k is > ValueKind.Empty and < ValueKind.Text).MaxBy(CountOf);
            if (CountOf(usual) == 0)
                return LeadingZeros();
            var odd = Enum.GetValues<ValueKind>().Where(k => k != ValueKind.Empty && k != usual && CountOf(k) > 0).MinBy(CountOf);
            var (uri, line, _) = firsts[(int)odd];
            return (usual, CountOf(usual), odd, uri, line);
        }
    }

    /// <summary>The first value of a kind, cut at 40 characters, and the line it is on; null when there was none. It is data: show it only to the person who may read the source.</summary>
    public (string Object, long Line, string Value)? FirstOf(ValueKind kind) => CountOf(kind) == 0 ? null : firsts[(int)kind];

    internal void Add(ReadOnlySpan<byte> text, string uri, long line)
    {
        var kind = ValueClassifier.Classify(text);
        if (counts[(int)kind]++ == 0)
        {
            var value = Encoding.UTF8.GetString(text.Length > 160 ? text[..160] : text);
            firsts[(int)kind] = (uri, line, value.Length > 40 ? value[..40] : value);
        }
        if (kind is ValueKind.Integer or ValueKind.Numeric or ValueKind.BigNumeric && !floatWouldRound)
            floatWouldRound = DecimalText.TrySplit(text, out var parts) && parts.Whole.Length + parts.Fraction.Length > FloatDigits;
    }

    internal void AddEmpty() => counts[(int)ValueKind.Empty]++;

    private (ValueKind, long, ValueKind, string, long)? LeadingZeros()
    {
        foreach (var kind in (ReadOnlySpan<ValueKind>)[ValueKind.LeadingZero, ValueKind.PlusSign, ValueKind.LargeInteger, ValueKind.LongDecimal])
        {
            if (CountOf(kind) > 0)
                return (kind, CountOf(kind), kind, firsts[(int)kind].Object, firsts[(int)kind].Line);
        }
        return null;
    }
}
