using Etl.Csv.Dialects;

namespace Etl.Csv;

/// <summary>Finds out how a CSV text is written from its first bytes. What the options state is taken as it is.</summary>
public static class CsvSniffer
{
    /// <summary>How many bytes are enough to sniff.</summary>
    public const int SampleBytes = 256 * 1024;

    /// <summary>The dialect of the text that starts with <paramref name="sample"/>.</summary>
    /// <param name="sample">The first bytes; it may end inside a character or a record.</param>
    /// <param name="complete">Whether the sample is the whole text.</param>
    /// <param name="options">What is known already, or null.</param>
    /// <param name="name">The object's address, for errors.</param>
    /// <exception cref="Core.Errors.DataException">The bytes are no text, or the options name an encoding there is none of.</exception>
    public static CsvDialect Sniff(ReadOnlyMemory<byte> sample, bool complete, CsvOptions? options = null, string name = "The sample") =>
        SniffedText.From(sample, complete, options ?? new CsvOptions(), name).Dialect;
}
