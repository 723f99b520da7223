namespace Etl.Csv.Reading;

/// <summary>The kinds of repair, as they are counted and as the pipeline file calls them.</summary>
internal static class RepairKinds
{
    /// <summary>Fields are missing; they are null.</summary>
    public const string MissingFields = "missing-fields";

    /// <summary>Empty fields are too many; they are dropped.</summary>
    public const string ExtraEmptyFields = "extra-empty-fields";

    /// <summary>A quote in an unquoted field is text.</summary>
    public const string StrayQuote = "stray-quote";

    /// <summary>A quote that opens or closes no field is text.</summary>
    public const string UnmatchedQuote = "unmatched-quote";

    /// <summary>A delimiter in an unquoted field is text.</summary>
    public const string UnquotedDelimiter = "unquoted-delimiter";

    /// <summary>Two values that no delimiter parts are parted.</summary>
    public const string MissingDelimiter = "missing-delimiter";

    /// <summary>A row with another delimiter is split at that.</summary>
    public const string OtherDelimiter = "other-delimiter";

    /// <summary>A row in another encoding is read in that.</summary>
    public const string OtherEncoding = "other-encoding";

    /// <summary>The header, once more, is no row.</summary>
    public const string RepeatedHeader = "repeated-header";

    /// <summary>A record of delimiters and nothing else is no row.</summary>
    public const string EmptyRow = "empty-row";

    /// <summary>Notes and totals below the table are no rows.</summary>
    public const string Footer = "footer";
}
