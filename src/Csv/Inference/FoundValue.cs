using System.Text;
using Etl.Csv.Reading;

namespace Etl.Csv.Inference;

/// <summary>Where a record stands.</summary>
/// <param name="Sample">The sample's number, in the order they came.</param>
/// <param name="Object">The object's address.</param>
/// <param name="Line">The record's line; in a piece from the middle of an object, counted from the piece's start.</param>
/// <param name="Offset">The byte that the piece starts at.</param>
internal readonly record struct RecordPlace(int Sample, string Object, long Line, long Offset)
{
    /// <summary>Text between <see cref="Line"/> and the record whose line ends were not counted: few records are ever named.</summary>
    public ReadOnlyMemory<byte> Uncounted { get; init; }

    /// <summary>The same place with all lines counted.</summary>
    public RecordPlace Counted() => this with { Line = Line + LineBreaks.Count(Uncounted.Span), Uncounted = default };
}

/// <summary>Where the records of a run stand.</summary>
/// <param name="Start">The place of the text's first record.</param>
/// <param name="Text">The text.</param>
/// <param name="Run">The run.</param>
internal readonly record struct RunPlaces(RecordPlace Start, ReadOnlyMemory<byte> Text, RecordRun Run)
{
    /// <summary>The place of one of the records.</summary>
    public RecordPlace Of(int row) => Start with { Uncounted = Text[..Run.Span(row).Start] };
}

/// <summary>A value that was met, and where. The value is data: show it only to the person who may read the source.</summary>
public sealed class FoundValue
{
    private const int MaxLength = 40;
    private readonly RecordPlace place;

    private FoundValue(in RecordPlace place, string value) => (this.place, Value) = (place, value);

    /// <summary>The value, cut at 40 characters.</summary>
    public string Value { get; }

    /// <summary>The object's address.</summary>
    public string Object => place.Object;

    /// <summary>Its place there in words: <c>line 3</c>.</summary>
    public string Position => place.Offset == 0 ? $"line {place.Line}" : $"{place.Line} lines after byte {place.Offset}";

    internal static FoundValue At(in RecordPlace place, ReadOnlySpan<byte> text)
    {
        var value = Encoding.UTF8.GetString(text.Length > MaxLength * 4 ? text[..(MaxLength * 4)] : text);
        return new FoundValue(place.Counted(), value.Length > MaxLength ? value[..MaxLength] : value);
    }

    /// <summary>The one that comes first in the objects; the other when one is null.</summary>
    internal static FoundValue? Earlier(FoundValue? a, FoundValue? b) =>
        a is null ? b : b is null || (a.place.Sample, a.place.Offset, a.place.Line).CompareTo((b.place.Sample, b.place.Offset, b.place.Line)) <= 0 ? a : b;
}
