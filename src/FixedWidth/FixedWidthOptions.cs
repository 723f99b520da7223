using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.FixedWidth;

/// <summary>How to read records whose fields stand at fixed places.</summary>
public sealed record FixedWidthOptions : IRejecting, ISplitting, IValidatableObject
{
    private const int SmallestSplit = 64_000;

    /// <summary>The columns; null to find them by the blanks that all records of the samples have.</summary>
    [Description("The columns, in their order in a record; when left out they are found: they stand between the blanks that all records of the samples have")]
    public IReadOnlyList<FixedColumnOptions>? Columns { get; init; }

    /// <summary>What <c>start</c>, <c>width</c> and <c>record_length</c> count.</summary>
    [Description("What start, width and record_length count: characters or bytes (Japanese bank files and mainframe exports)")]
    public WidthUnit Unit { get; init; }

    /// <summary>The text encoding, or <c>auto</c>.</summary>
    [Description("The text encoding: auto, utf-8, shift_jis (or cp932), euc-jp, windows-1252, IBM037 or another IANA name")]
    public string? Encoding { get; init; }

    /// <summary>How long every record is.</summary>
    [Description("How long every record is. Records need no line ends then; where the first one has one, all have, and a record of another length is rejected")]
    [Range(1, 1_000_000)]
    public int? RecordLength { get; init; }

    /// <summary>Whether the first record after <see cref="SkipLines"/> names the columns.</summary>
    [Description("Whether the first record names the columns, at their places; where columns are declared it is passed over")]
    public bool Header { get; init; }

    /// <summary>How many records at the object's start are none.</summary>
    [Description("How many lines (or records) at the object's start are passed over")]
    [Range(0, 10_000)]
    public int SkipLines { get; init; }

    /// <summary>How many lines at the object's end are none.</summary>
    [Description("How many lines at the object's end are passed over; such objects are not read in parts")]
    [Range(0, 1_000)]
    public int SkipLastLines { get; init; }

    /// <summary>What records start with that are passed over.</summary>
    [Description("What records start with that are passed over, such as # for comments, or the record types of headers and trailers")]
    public IReadOnlyList<string>? SkipPrefixes { get; init; }

    /// <summary>Which blanks round a value are no part of it.</summary>
    [Description("Which blanks (spaces, tabs, NULs and ideographic spaces) round a value are no part of it: both, end or none")]
    public Trimming Trim { get; init; }

    /// <summary>Whether columns without a declared type are typed from samples.</summary>
    [Description("What columns are that declare no type: infer (from samples) or strings")]
    public UntypedColumns Schema { get; init; }

    /// <summary>What to do when the data is not as the table or the samples are.</summary>
    [Description("What to do when the data and the columns of the table, or those of the samples, are not alike (default evolve; docs/schema-change.md)")]
    public SchemaContract? Contract { get; init; }

    /// <summary>Texts that mean that a value is missing, besides blanks.</summary>
    [Description("Texts that mean that a value is missing, besides blanks")]
    public IReadOnlyList<string>? Null { get; init; }

    /// <summary>Bytes in a split of a large plain object.</summary>
    [Description("How large the parts are in which a large plain object with line ends is read side by side: a size such as 64MB (default 128MiB)")]
    public ByteSize? SplitSize { get; init; }

    /// <summary>What to do about rows that do not fit.</summary>
    [Description("What to do about rows that do not fit")]
    public RejectOptions Rejects { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SplitSize is { Bytes: < SmallestSplit })
            yield return new ValidationResult("split_size must be at least 64kB", [nameof(SplitSize)]);
        if (SkipPrefixes?.Any(p => p.Length == 0) == true)
            yield return new ValidationResult("every record starts with an empty prefix, so that all would be passed over", [nameof(SkipPrefixes)]);
        if (Columns?.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            yield return new ValidationResult($"{twice.Count()} columns are called {twice.Key}", [nameof(Columns)]);
        if (RecordLength is { } length && FixedLayout.Places(Columns ?? []).Zip(Columns ?? []).FirstOrDefault(c => c.First.Start >= length) is { Second: { } beyond })
            yield return new ValidationResult($"{beyond.Name} starts after the record's end, which is record_length: {length}", [nameof(Columns)]);
    }
}

/// <summary>What widths count.</summary>
public enum WidthUnit
{
    /// <summary>Characters: Unicode code points.</summary>
    [Description("characters (Unicode code points)")]
    Characters,

    /// <summary>Bytes of the object's encoding.</summary>
    [Description("bytes of the object's encoding")]
    Bytes,
}

/// <summary>Which blanks are no part of a value.</summary>
public enum Trimming
{
    /// <summary>Those on both sides.</summary>
    [Description("those on both sides")]
    Both,

    /// <summary>Those at the end.</summary>
    [Description("those at the end")]
    End,

    /// <summary>None.</summary>
    [Description("none")]
    None,
}

/// <summary>What columns are that declare no type.</summary>
public enum UntypedColumns
{
    /// <summary>What the samples show.</summary>
    [Description("what the samples show")]
    Infer,

    /// <summary>Text.</summary>
    [Description("text")]
    Strings,
}
