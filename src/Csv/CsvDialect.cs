namespace Etl.Csv;

/// <summary>How one CSV text is written.</summary>
public sealed record CsvDialect
{
    /// <summary>The IANA name of the text encoding, such as <c>utf-8</c> or <c>shift_jis</c>.</summary>
    public required string Encoding { get; init; }

    /// <summary>The bytes of the byte order mark; 0 without one.</summary>
    public int BomLength { get; init; }

    /// <summary>What stands between fields.</summary>
    public required string Delimiter { get; init; }

    /// <summary>The quote character, or null for none.</summary>
    public char? Quote { get; init; }

    /// <summary>What makes a quote inside a quoted field ordinary text: the quote itself, or another character; without a quote, what makes a delimiter ordinary text, or null.</summary>
    public char? Escape { get; init; }

    /// <summary>What most lines of the sample end with: <c>\n</c>, <c>\r\n</c> or <c>\r</c>.</summary>
    public string LineEnding { get; init; } = "\n";

    /// <summary>Lines before the header or the first row.</summary>
    public int SkipLines { get; init; }

    /// <summary>Whether the first row names the columns.</summary>
    public bool HasHeader { get; init; }

    /// <summary>How many rows the header has, when there is one: the names of its rows are joined, column by column.</summary>
    public int HeaderRows { get; init; } = 1;

    /// <summary>What a line starts with that is a comment, or null when there is none.</summary>
    public string? Comment { get; init; }

    /// <summary>Whether spaces and tabs round fields are no part of them.</summary>
    public bool TrimSpaces { get; init; }

    /// <summary>How many fields a row has, as the sample shows; 0 when it shows none.</summary>
    public int Width { get; init; }
}
