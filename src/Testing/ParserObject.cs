using Etl.Core.Contracts;

namespace Etl.Testing;

/// <summary>An object in memory, given to a parser as the engine's sampler and stage tasks give one.</summary>
/// <param name="bytes">Its bytes.</param>
/// <param name="name">Its name.</param>
internal sealed class ParserObject(byte[] bytes, string name = "orders.data")
{
    /// <summary>Its bytes.</summary>
    public byte[] Bytes => bytes;

    /// <summary>What it is to the engine.</summary>
    public SourceObject Object { get; } = new($"memory://conformance/{name}", "1", bytes.Length, DateTimeOffset.UnixEpoch);

    /// <summary>Whether the bytes are a file in an archive, or (for a parser that reads objects as they are stored) what was compressed.</summary>
    public bool IsPacked { get; init; }

    /// <summary>How its bytes come, from an offset on, seeking or not.</summary>
    public Func<ReadOnlyMemory<byte>, bool, ServedStream> Serve { get; init; } = (content, seeks) => new ServedStream(content, seeks);

    /// <summary>The sample of its start.</summary>
    /// <param name="parser">Who gets it.</param>
    /// <param name="length">How many bytes of it; null for all.</param>
    public Sample Start(IParser parser, int? length = null) => parser.ReadsStored
        ? new Sample(Object, null, ReadOnlyMemory<byte>.Empty, Complete: false) { IsPlain = !IsPacked, OpenStored = () => Serve(bytes, true) }
        : new Sample(Object, EntryFor(parser), bytes.AsMemory(0, length ?? bytes.Length), Complete: (length ?? bytes.Length) == bytes.Length) { IsPlain = !IsPacked, OpenStored = IsPacked ? null : () => Serve(bytes, true) };

    /// <summary>The samples of its start, of a piece of what follows, and of its end.</summary>
    /// <param name="parser">Who gets them.</param>
    /// <param name="length">How many bytes the start has.</param>
    public Sample[] Pieces(IParser parser, int length)
    {
        var (left, later) = (bytes.Length - length, (bytes.Length - length) / 4);
        return later == 0 || parser.ReadsStored ? [Start(parser, length)] : [Start(parser, length), Piece(length + (left / 3)), Piece(bytes.Length - later)];

        Sample Piece(int offset) => new(Object, null, bytes.AsMemory(offset, later), Complete: false) { Offset = offset, IsPlain = true };
    }

    /// <summary>The sample of its start, with all that follows it.</summary>
    public Sample Whole(IParser parser, int length) => Start(parser, length) is { Complete: false } start && !parser.ReadsStored ? start with { Rest = Serve(bytes.AsMemory(length), false) } : Start(parser);

    /// <summary>It, opened for a stage task: all of it, or a part.</summary>
    public SplitInput Open(IParser parser, ParseTally tally, RowPlaces? places = null, SplitPart? part = null) =>
        new(Object, EntryFor(parser), Serve(bytes.AsMemory((int)(part?.Offset ?? 0)), parser.ReadsStored && part is null), tally)
        {
            Part = part,
            Places = places,
            OpenStored = part is null && !IsPacked ? () => Serve(bytes, true) : null,
        };

    private string? EntryFor(IParser parser) => IsPacked && !parser.ReadsStored ? "in/side.data" : null;
}
