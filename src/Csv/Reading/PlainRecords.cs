using System.Runtime.CompilerServices;
using System.Text;

namespace Etl.Csv.Reading;

/// <summary>Tells which of the records ahead are plainly rows, so that many are taken together: of the usual width, more than delimiters, no comment, and not the header once more.</summary>
/// <param name="fields">Fields of a row.</param>
/// <param name="firstName">The first name in the header; empty without one.</param>
/// <param name="dialect">How the text is written.</param>
internal sealed class PlainRecords(int fields, byte[] firstName, CsvDialect dialect)
{
    /// <summary>Where fewer lie alike, <see cref="OneByOne"/> are looked at one by one before it is tried again.</summary>
    public const int ShortestRun = 8;

    /// <inheritdoc cref="ShortestRun"/>
    public const int OneByOne = 64;

    // As many as a core's first cache holds with their text, or as make a call for each column worth it.
    private const int RunFields = 2 * 1024;
    private const int RunRecords = 128;

    private readonly int comment = dialect.Comment is { Length: > 0 } mark ? Encoding.UTF8.GetBytes(mark)[0] : -1;

    /// <summary>How many records are taken together at most.</summary>
    public int Most { get; } = Math.Max(RunFields / Math.Max(1, fields), RunRecords);

    /// <summary>The first records of a run, up to one that may be no row.</summary>
    /// <param name="run">The run.</param>
    /// <param name="block">The text that it is in.</param>
    public RecordRun StartOf(RecordRun run, byte[] block)
    {
        for (var row = 0; row < run.Rows; row++)
        {
            var (start, end) = run.Span(row);
            if ((comment >= 0 && block[start] == comment) || !Hold(block, start, end, run.Length(row, 0)))
                return run.To(row);
        }
        return run;
    }

    /// <summary>Whether a record is more than delimiters, and its first field not the header's again.</summary>
    /// <param name="block">The text that it is in.</param>
    /// <param name="start">Where it starts.</param>
    /// <param name="end">Where it ends, its line break aside.</param>
    /// <param name="firstLength">The length of its first field, quotes included.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Hold(byte[] block, int start, int end, int firstLength)
    {
        if (end - start < fields && fields > 1)
            return false;
        return firstName.Length == 0 || (firstLength != firstName.Length && firstLength != firstName.Length + 2) || block.AsSpan(start, firstLength).IndexOf(firstName) < 0;
    }
}
