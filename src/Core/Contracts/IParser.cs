using System.Collections.Frozen;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.Core.Contracts;

/// <summary>Turns bytes into batches. The planner infers once a run; stage tasks parse concurrently, one call a split. Let exceptions escape.</summary>
public interface IParser
{
    /// <summary>
    /// Whether it reads an object as one file, from any byte on, even where that file is a zip archive, as a workbook is. The engine then takes no zip archive for a folder of files, and gives
    /// content that seeks (<see cref="Sample.OpenStored"/>, <see cref="SplitInput.Content"/>): the stored bytes, or what gzip or zstd around them held, in memory. That the files of an archive
    /// stay within the pipeline's limits is checked by what the archive says of their sizes. Samples hold no bytes, only what opens the object.
    /// </summary>
    bool ReadsStored => false;

    /// <summary>The schema that fits the samples, with what was found on the way.</summary>
    /// <exception cref="Errors.DataException">The samples hold nothing this parser reads; the message names the object.</exception>
    ValueTask<SchemaProposal> InferAsync(IAsyncEnumerable<Sample> samples, CancellationToken cancel);

    /// <summary>
    /// The rows of one split as batches of exactly <paramref name="schema"/>, its texts in valid UTF-8. The schema may have columns that the object lacks, and others in another order: one is found by its
    /// <see cref="Schemas.Column.SourceName"/>, else by its name. Rows that do not fit go to <paramref name="rejects"/>; every row read is counted in the input's tally. The receiver disposes each batch, at once or later.
    /// </summary>
    /// <exception cref="Errors.DataException">The bytes cannot be read on; the message names the object.</exception>
    /// <exception cref="Errors.SchemaBrokenException">A value does not fit a column whose type <see cref="Schemas.Column.IsGuess"/>: the engine infers from everything and begins again.</exception>
    IAsyncEnumerable<RecordBatch> ParseAsync(SplitInput input, TableSchema schema, IDeadLetters rejects, CancellationToken cancel);
}

/// <summary>A piece of an object, decompressed, to learn from. Pieces of one object come one after another, that of its start first.</summary>
/// <param name="Object">The object.</param>
/// <param name="Entry">The file inside an archive, or null.</param>
/// <param name="Bytes">The decompressed bytes from <see cref="Offset"/> on.</param>
/// <param name="Complete">Whether <paramref name="Bytes"/> is the whole content.</param>
public sealed record Sample(SourceObject Object, string? Entry, ReadOnlyMemory<byte> Bytes, bool Complete)
{
    /// <summary>Where the piece starts in the content; a piece that does not start at 0 may start inside a record or a character.</summary>
    public long Offset { get; init; }

    /// <summary>Whether the object's stored bytes are the content: it is not compressed and no archive.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Whether there is more than the samples are of: other objects, or other files in the archive.</summary>
    public bool OmitsOthers { get; init; }

    /// <summary>Opens the object's stored bytes as a stream that seeks, where they are the content or the parser <see cref="IParser.ReadsStored"/>; else null. Nothing is fetched before it is read; the caller disposes it.</summary>
    public Func<Stream>? OpenStored { get; init; }

    /// <summary><see cref="Bytes"/> as a stream.</summary>
    public MemoryStream OpenBytes() => MemoryMarshal.TryGetArray(Bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(Bytes.ToArray(), writable: false);

    /// <summary>All of the content after <see cref="Bytes"/> when everything is to be looked at, else null. It is read before the next sample is asked for; whoever made the sample disposes it.</summary>
    public Stream? Rest { get; init; }
}

/// <summary>What inference found.</summary>
/// <param name="Schema">The schema that every sample fits.</param>
/// <param name="Dialects">How each sampled object is written, by object and entry, in sample order.</param>
/// <param name="Notes">Findings worth a person's look, one sentence each.</param>
public sealed record SchemaProposal(TableSchema Schema, IReadOnlyList<ObjectDialect> Dialects, IReadOnlyList<string> Notes)
{
    /// <summary>Why each column has its type, in the schema's order; empty when the parser does not say.</summary>
    public IReadOnlyList<ColumnFinding> Findings { get; init; } = [];

    /// <summary>The names of the columns whose types follow from their values, not from a declaration.</summary>
    public IReadOnlySet<string> Inferred { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The names of the columns of which no value was seen at all: their types say nothing.</summary>
    public IReadOnlySet<string> Empty { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The names of the columns that are known, or declared, to lack a value in some row.</summary>
    public IReadOnlySet<string> Gaps { get; init; } = FrozenSet<string>.Empty;

    /// <summary>What to do about a column that only a table has, or that no declaration names.</summary>
    public SchemaContract Contract { get; init; }

    /// <summary>Whether everything was looked at: all of every object.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>How one text object is written; what a service needs to parse it itself.</summary>
/// <param name="Uri">The object.</param>
/// <param name="Entry">The file inside an archive, or null.</param>
/// <param name="Encoding">The IANA name of the text encoding, such as <c>utf-8</c> or <c>shift_jis</c>.</param>
/// <param name="Delimiter">What stands between fields; empty where the object is no CSV.</param>
/// <param name="Quote">The quote character, or null for none.</param>
/// <param name="SkipRows">Lines before the first data row: preamble and header.</param>
/// <param name="Columns">The columns' names (made legal) in the object's own order.</param>
public sealed record ObjectDialect(string Uri, string? Entry, string Encoding, string Delimiter, string? Quote, int SkipRows, IReadOnlyList<string> Columns)
{
    /// <summary>Whether parts of the object can be read by themselves: its stored bytes are its text, and a line end can be told from any byte on.</summary>
    public bool Divisible { get; init; }

    /// <summary>The columns' names as the object writes them, in its order; null when it has no header.</summary>
    public IReadOnlyList<string>? Header { get; init; }
}

/// <summary>One split, opened.</summary>
/// <param name="Object">The object.</param>
/// <param name="Entry">The file inside an archive, or null.</param>
/// <param name="Content">The decompressed bytes, which come some at a time and seek only where the parser <see cref="IParser.ReadsStored"/>. What it throws is the parser's to let through. The engine disposes it.</param>
/// <param name="Tally">Where the parser counts.</param>
public sealed record SplitInput(SourceObject Object, string? Entry, Stream Content, ParseTally Tally)
{
    /// <summary>Which records of the object are wanted; null for all of them. Only objects whose dialect is <see cref="ObjectDialect.Divisible"/> come in parts.</summary>
    public SplitPart? Part { get; init; }

    /// <summary>For a parser that does not read from the start to the end: as <see cref="Sample.OpenStored"/>. Whoever calls it leaves <see cref="Content"/> alone.</summary>
    public Func<Stream>? OpenStored { get; init; }

    /// <summary>Where the parser notes the place of each row it gives, before it gives its batch; null when nobody asks.</summary>
    public RowPlaces? Places { get; init; }
}

/// <summary>The part of an object that one split is. Its records are those that start after <paramref name="Offset"/> (or at it, when <paramref name="IsRecordStart"/>) and not after <paramref name="End"/>; the last one may end later.</summary>
/// <param name="Offset">The byte of the object that the content starts at. The content goes on to the object's end.</param>
/// <param name="End">The last byte at which a record of this part can start.</param>
/// <param name="IsRecordStart">Whether a record starts at <paramref name="Offset"/>; where it does not, the parser finds out where the first one does, and the engine checks it.</param>
/// <param name="Head">The object from its first byte, to see how it is written; null when the content starts there. The engine disposes it.</param>
public sealed record SplitPart(long Offset, long End, bool IsRecordStart, Stream? Head)
{
    /// <summary>What the parser said of the part before this one in <see cref="SplitExtent.EndsIn"/>, when it is known; null where the part before ended as usual, and where that is a guess.</summary>
    public string? StartsIn { get; init; }
}

/// <summary>What a parser counts while it reads one split; used by one thread at a time.</summary>
public sealed class ParseTally
{
    /// <summary>Data rows met, whether they fit or not; header, preamble and empty lines are not rows.</summary>
    public long RowsRead { get; set; }

    /// <summary>Where the records of a part turned out to start and end; set when all of them were given.</summary>
    public SplitExtent? Extent { get; set; }

    /// <summary>Values of columns that the schema does not have and the contract leaves out, by column.</summary>
    public SortedDictionary<string, long> Discarded { get; } = new(StringComparer.Ordinal);

    /// <summary>What was repaired, by kind (such as <c>missing-fields</c>): rows, which are also in <see cref="RowsRead"/>, and what stood between rows and was left out, which is not (such as <c>footer</c>).</summary>
    public SortedDictionary<string, long> Repairs { get; } = new(StringComparer.Ordinal);
}
