using System.ComponentModel;
using Etl.Csv.Reading;

namespace Etl.Csv;

/// <summary>What to do about rows that have one obvious reading although something is wrong with them, by what is wrong. Left out, a kind is accepted.</summary>
public sealed record RepairOptions
{
    /// <summary>Rows that lack fields: the missing values are null.</summary>
    [Description("Rows that lack fields: the missing values are null")]
    public RepairAction? MissingFields { get; init; }

    /// <summary>Rows with empty fields too many: those are dropped.</summary>
    [Description("Rows with empty fields too many: those are dropped")]
    public RepairAction? ExtraEmptyFields { get; init; }

    /// <summary>Quotes in unquoted fields: they are text.</summary>
    [Description("Quotes in unquoted fields: they are text")]
    public RepairAction? StrayQuote { get; init; }

    /// <summary>Quotes that open or close no field: they are text.</summary>
    [Description("Quotes that open or close no field: they are text")]
    public RepairAction? UnmatchedQuote { get; init; }

    /// <summary>Delimiters in unquoted fields, where the other fields tell which: they are text.</summary>
    [Description("Delimiters in unquoted fields, where the other fields tell which: they are text")]
    public RepairAction? UnquotedDelimiter { get; init; }

    /// <summary>Two values that no delimiter parts, where their columns tell them apart: they are parted.</summary>
    [Description("Two values that no delimiter parts, where their columns tell them apart: they are parted")]
    public RepairAction? MissingDelimiter { get; init; }

    /// <summary>Rows with another delimiter than the rest: they are split at that.</summary>
    [Description("Rows with another delimiter than the rest: they are split at that")]
    public RepairAction? OtherDelimiter { get; init; }

    /// <summary>Rows in another encoding than the rest, such as CP932 among UTF-8: they are read in that.</summary>
    [Description("Rows in another encoding than the rest, such as CP932 among UTF-8: they are read in that")]
    public RepairAction? OtherEncoding { get; init; }

    /// <summary>The header between rows: it is left out.</summary>
    [Description("The header between rows: it is left out")]
    public RepairAction? RepeatedHeader { get; init; }

    /// <summary>Records of delimiters and nothing else: they are left out.</summary>
    [Description("Records of delimiters and nothing else: they are left out")]
    public RepairAction? EmptyRow { get; init; }

    /// <summary>Notes and totals among or below the rows: they are left out.</summary>
    [Description("Notes and totals among or below the rows: they are left out")]
    public RepairAction? Footer { get; init; }

    /// <summary>What to do about a kind of repair.</summary>
    internal RepairAction Of(string kind) => kind switch
    {
        RepairKinds.MissingFields => MissingFields,
        RepairKinds.ExtraEmptyFields => ExtraEmptyFields,
        RepairKinds.StrayQuote => StrayQuote,
        RepairKinds.UnmatchedQuote => UnmatchedQuote,
        RepairKinds.UnquotedDelimiter => UnquotedDelimiter,
        RepairKinds.MissingDelimiter => MissingDelimiter,
        RepairKinds.OtherDelimiter => OtherDelimiter,
        RepairKinds.OtherEncoding => OtherEncoding,
        RepairKinds.RepeatedHeader => RepeatedHeader,
        RepairKinds.EmptyRow => EmptyRow,
        RepairKinds.Footer => Footer,
        _ => null,
    } ?? RepairAction.Accept;

    /// <summary>What is wrong with a row that is repaired so.</summary>
    internal static string Describe(string kind) => kind switch
    {
        RepairKinds.MissingFields => "fields are missing; they are null",
        RepairKinds.ExtraEmptyFields => "empty fields are too many",
        RepairKinds.StrayQuote => "a quote stands in an unquoted field",
        RepairKinds.UnmatchedQuote => "a quote opens or closes no field",
        RepairKinds.UnquotedDelimiter => "a delimiter stands in an unquoted field",
        RepairKinds.MissingDelimiter => "no delimiter parts two values",
        RepairKinds.OtherDelimiter => "the row has another delimiter",
        RepairKinds.OtherEncoding => "the row is text in another encoding",
        RepairKinds.RepeatedHeader => "the header stands here again",
        RepairKinds.EmptyRow => "the row has no value",
        RepairKinds.Footer => "a note or a total stands here",
        _ => kind,
    };
}

/// <summary>What to do about a row that could be repaired.</summary>
public enum RepairAction
{
    /// <summary>Repair it and count it.</summary>
    [Description("repair it and count it")]
    Accept,

    /// <summary>Reject it.</summary>
    [Description("reject it")]
    Reject,

    /// <summary>Fail.</summary>
    [Description("fail")]
    Error,
}
