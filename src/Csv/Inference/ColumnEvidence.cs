using Etl.Core.Schemas;
using Etl.Csv.Columns;
using Etl.Csv.Values;

namespace Etl.Csv.Inference;

/// <summary>What was seen of one column: how many values of which kind, where each kind came first, and which readings all values leave open. Nothing in it depends on the order in which values came.</summary>
public sealed class ColumnEvidence
{
    // As many digits as every double keeps.
    private const int FloatDigits = ShortNumber.MostBytes;
    private readonly long[] counts = new long[ValueClassifier.Kinds];
    private readonly FoundValue?[] firsts = new FoundValue?[ValueClassifier.Kinds];
    private ValueKind expected = ValueKind.Empty;

    internal ColumnEvidence(string name, string? sourceName) => (Name, SourceName) = (name, sourceName);

    /// <summary>The column's legal name.</summary>
    public string Name { get; }

    /// <summary>The name in the header, when it differs.</summary>
    public string? SourceName { get; }

    /// <summary>How many values were looked at, empty ones included.</summary>
    public long Values
    {
        get
        {
            var values = 0L;
            foreach (var count in counts)
                values += count;
            return values;
        }
    }

    /// <summary>How many values were empty.</summary>
    public long Empty => counts[(int)ValueKind.Empty];

    /// <summary>The type that every value fits.</summary>
    public ColumnType Type => Decide().Type;

    /// <summary>How many values there were of a kind.</summary>
    public long CountOf(ValueKind kind) => counts[(int)kind];

    /// <summary>The first value of a kind; null when there was none.</summary>
    public FoundValue? FirstOf(ValueKind kind) => firsts[(int)kind];

    /// <summary>The layouts that all dates fit.</summary>
    internal uint Layouts { get; private set; } = DateLayouts.All;

    /// <summary>The layouts that all times after dates fit.</summary>
    internal uint Times { get; private set; } = DateLayouts.AllTimes;

    /// <summary>How all numbers may be read.</summary>
    internal NumberReading Numbers { get; private set; } = NumberReading.Both;

    /// <summary>The widest kind of a number with commas where commas group.</summary>
    internal ValueKind Grouping { get; private set; } = ValueKind.Integer;

    /// <summary>The widest kind of a number with commas where a comma is decimal.</summary>
    internal ValueKind DecimalComma { get; private set; } = ValueKind.Integer;

    /// <summary>The pairs of words that all words of true and false belong to.</summary>
    internal uint Pairs { get; private set; } = uint.MaxValue;

    /// <summary>The first value that tells which of day and month, or of grouping and decimal, is which; null when none did.</summary>
    internal FoundValue? Proof { get; private set; }

    /// <summary>Whether a number has more digits than a double keeps.</summary>
    internal bool FloatWouldRound { get; private set; }

    /// <summary>Whether a whole number beyond INT64 is beyond NUMERIC too.</summary>
    internal bool LargeNeedsBigNumeric { get; private set; }

    /// <summary>Whether all whole numbers are days written <c>yyyyMMdd</c>.</summary>
    internal bool AllCompactDates { get; private set; } = true;

    /// <summary>The type and format that follow.</summary>
    internal ColumnVerdict Decide() => ColumnVerdict.Of(this);

    /// <summary>Evidence for the same column that has seen nothing, to gather elsewhere and <see cref="Merge"/>.</summary>
    internal ColumnEvidence Fork() => new(Name, SourceName);

    /// <summary>Adds what <paramref name="other"/> saw. The order of merging does not matter.</summary>
    internal void Merge(ColumnEvidence other)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
            firsts[i] = FoundValue.Earlier(firsts[i], other.firsts[i]);
        }
        Layouts &= other.Layouts;
        Times &= other.Times;
        Numbers &= other.Numbers;
        Pairs &= other.Pairs;
        Grouping = (ValueKind)Math.Max((int)Grouping, (int)other.Grouping);
        DecimalComma = (ValueKind)Math.Max((int)DecimalComma, (int)other.DecimalComma);
        Proof = FoundValue.Earlier(Proof, other.Proof);
        FloatWouldRound |= other.FloatWouldRound;
        LargeNeedsBigNumeric |= other.LargeNeedsBigNumeric;
        AllCompactDates &= other.AllCompactDates;
    }

    /// <summary>The same without the words that often stand for a missing value.</summary>
    internal ColumnEvidence WithoutNullWords()
    {
        var copy = Fork();
        copy.Merge(this);
        copy.counts[(int)ValueKind.NullWord] = 0;
        return copy;
    }

    /// <summary>Expects nothing of the next value, so that what is counted in a piece of text does not depend on what was read before it.</summary>
    internal void StartPiece() => expected = ValueKind.Empty;

    internal void AddEmpty(long count = 1) => counts[(int)ValueKind.Empty] += count;

    /// <summary>Whether the value before was text, so that the next one most likely is.</summary>
    internal bool ExpectsText => expected == ValueKind.Text;

    /// <summary>Counts one more text where one is expected; false when it may be something else.</summary>
    internal bool TryAddText(ReadOnlySpan<byte> text) => !text.IsEmpty && PlainText.Is(text) && Count(ValueKind.Text);

    // Text that its source says is text: a number in it is none, because the source could have written it as one. Dates and times have no other way to be written.
    internal void AddQuoted(ReadOnlySpan<byte> text, in RecordPlace place)
    {
        if (ExpectsText && TryAddText(text))
            return;
        switch (ValueClassifier.Classify(text))
        {
            case ValueKind.Integer or ValueKind.Numeric or ValueKind.BigNumeric or ValueKind.Float or ValueKind.FormattedNumber or ValueKind.LargeInteger:
                AddKind(ValueKind.QuotedNumber, text, place);
                break;
            case ValueKind.Bool:
                AddKind(ValueKind.Text, text, place);
                break;
            case ValueKind.Empty:
                AddEmpty();
                break;
            default:
                Add(text, place);
                break;
        }
    }

    internal void AddKind(ValueKind kind, ReadOnlySpan<byte> text, in RecordPlace place)
    {
        expected = kind;
        if (counts[(int)kind]++ == 0)
            firsts[(int)kind] = FoundValue.At(place, text);
    }

    // Nearly every value is of the kind of the one before it, and leaves the same readings open.
    internal void Add(ReadOnlySpan<byte> text, in RecordPlace place)
    {
        var plain = expected switch
        {
            ValueKind.Integer or ValueKind.Numeric => TryCountNumber(text),
            ValueKind.Text => PlainText.Is(text) && Count(ValueKind.Text),
            ValueKind.LeadingZero => text.Length > 1 && text[0] == '0' && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && Count(ValueKind.LeadingZero),
            ValueKind.Date or ValueKind.DateTime or ValueKind.Timestamp => TryCountDate(text),
            _ => false,
        };
        if (!plain)
            AddUnexpected(text, place);
    }

    /// <summary>The same of many fields, of which those that are what was expected take no call each.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fields">The column; its fields are in the block.</param>
    /// <param name="places">Where its records stand.</param>
    /// <param name="room">Where texts are decoded that do not stand there as they are meant.</param>
    internal void AddRun(in FieldText text, in FieldColumn fields, in RunPlaces places, ref byte[] room)
    {
        for (var row = PassExpected(text, fields, 0); row < fields.Rows; row = PassExpected(text, fields, row + 1))
        {
            var field = text.Decode(fields[row], ref room);
            if (field.IsEmpty)
                AddEmpty();
            else
                Add(field, places.Of(row));
        }
    }

    private int PassExpected(in FieldText text, in FieldColumn fields, int row)
    {
        var iso = (Layouts & DateLayouts.Iso) != 0;
        switch (expected)
        {
            case ValueKind.Text:
                return Pass(text, fields, row, new PlainText());
            case ValueKind.Integer or ValueKind.Numeric:
                return PassNumbers(text, fields, row);
            case ValueKind.LeadingZero:
                return Pass(text, fields, row, new LeadingZeros());
            case ValueKind.Date when iso:
                return Pass(text, fields, row, new IsoDates());
            case ValueKind.DateTime when iso:
                return Pass(text, fields, row, new IsoDateTimes());
            case ValueKind.Timestamp when iso:
                return Pass(text, fields, row, new IsoTimestamps());
            default:
                return Pass(text, fields, row, new NoValue());
        }
    }

    private int Pass<T>(in FieldText text, in FieldColumn fields, int row, T expectation)
        where T : struct, IExpectation
    {
        var empty = 0;
        var end = ExpectedFields.Pass(text, fields, row, ref expectation, ref empty);
        counts[(int)expected] += end - row - empty;
        AddEmpty(empty);
        return end;
    }

    private int PassNumbers(in FieldText text, in FieldColumn fields, int row)
    {
        var numbers = new ShortNumbers(CountsWhole, CountsDecimals);
        var empty = 0;
        var end = ExpectedFields.Pass(text, fields, row, ref numbers, ref empty);
        counts[(int)ValueKind.Integer] += numbers.Whole;
        counts[(int)ValueKind.Numeric] += numbers.Decimals;
        AddEmpty(empty);
        return end;
    }

    private bool Count(ValueKind kind)
    {
        counts[(int)kind]++;
        return true;
    }

    private bool TryCountNumber(ReadOnlySpan<byte> text)
    {
        var kind = ShortNumber.KindOf(AsciiText.Trim(text));
        return kind == ValueKind.Integer ? CountsWhole && Count(kind) : kind == ValueKind.Numeric && CountsDecimals && Count(kind);
    }

    // One more tells nothing new.
    private bool CountsWhole => CountOf(ValueKind.Integer) > 0 && !AllCompactDates;

    private bool CountsDecimals => CountOf(ValueKind.Numeric) > 0 && (Numbers & NumberReading.DecimalComma) == 0;

    private bool TryCountDate(ReadOnlySpan<byte> text)
    {
        if ((Layouts & DateLayouts.Iso) != 0)
        {
            bool slashes;
            var fits = expected switch
            {
                ValueKind.Date => CalendarParser.TryParseDate(text, out _, out slashes),
                ValueKind.DateTime => CalendarParser.TryParseDateTime(text, out _, out slashes),
                _ => CalendarParser.TryParseTimestamp(text, out _, out slashes),
            };
            return fits && !slashes && Count(expected);
        }
        if ((Layouts & DateLayouts.Slash) != 0 || Layouts == 0 || DateLayouts.IsAmbiguous(Layouts) || DateLayouts.Read(text, Layouts, out var layouts, out var times) != expected)
            return false;
        Layouts &= layouts;
        if (expected != ValueKind.Date)
            Times &= times;
        return Count(expected);
    }

    private void AddUnexpected(ReadOnlySpan<byte> text, in RecordPlace place)
    {
        ValueClassifier.Classify(text, out var value);
        expected = value.Kind;
        if (counts[(int)value.Kind]++ == 0)
            firsts[(int)value.Kind] = FoundValue.At(place, text);
        switch (value.Kind)
        {
            case ValueKind.Integer or ValueKind.Numeric or ValueKind.BigNumeric:
                AddNumber(AsciiText.Trim(text), value.Kind);
                break;
            case ValueKind.Float:
                FloatWouldRound |= !FloatDigitsKept.In(AsciiText.Trim(text));
                break;
            case ValueKind.LargeInteger:
                LargeNeedsBigNumeric |= !NumericParser.TryParse(text, out _);
                FloatWouldRound = true;
                break;
            case ValueKind.FormattedNumber:
                AddFormatted(text, value, place);
                break;
            case ValueKind.Date or ValueKind.DateTime or ValueKind.Timestamp:
                if (Proof is null && DateLayouts.IsAmbiguous(Layouts) && DateLayouts.OrdersIn(value.Layouts) != 0 && !DateLayouts.IsAmbiguous(value.Layouts))
                    Proof = FoundValue.At(place, text);
                Layouts &= value.Layouts;
                // Plain layouts take every plain time.
                if (value.Kind != ValueKind.Date && (value.Layouts & (DateLayouts.Iso | DateLayouts.Slash)) == 0)
                    Times &= value.Times;
                break;
            case ValueKind.BoolWord:
                Pairs &= value.Pairs;
                break;
        }
    }

    private void AddNumber(ReadOnlySpan<byte> text, ValueKind kind)
    {
        AllCompactDates = AllCompactDates && kind == ValueKind.Integer && CompactDate.Is(text);
        if (!FloatWouldRound && text.Length > FloatDigits)
            FloatWouldRound = DecimalText.TrySplit(text, out var parts) && parts.Whole.Length + parts.Fraction.Length > FloatDigits;
        // 1.234 may be a thousand and more where points group; 12.5 cannot.
        if (kind != ValueKind.Integer && (Numbers & NumberReading.DecimalComma) != 0 && (NumberReadings.Read(text, out _, out _) & NumberReading.DecimalComma) == 0)
            Numbers &= ~NumberReading.DecimalComma;
    }

    private void AddFormatted(ReadOnlySpan<byte> text, in ClassifiedValue value, in RecordPlace place)
    {
        if (Proof is null && value.Numbers != NumberReading.Both)
            Proof = FoundValue.At(place, text);
        Numbers &= value.Numbers;
        if ((value.Numbers & NumberReading.GroupingComma) != 0)
            Grouping = (ValueKind)Math.Max((int)Grouping, (int)value.Grouping);
        if ((value.Numbers & NumberReading.DecimalComma) != 0)
            DecimalComma = (ValueKind)Math.Max((int)DecimalComma, (int)value.DecimalComma);
    }
}
