using System.ComponentModel;

namespace Etl.Core.Contracts;

/// <summary>How staged files are written.</summary>
public sealed record StagingEncoding(StagingFormat Format, StagingCompression Compression);

/// <summary>The formats of staged files.</summary>
public enum StagingFormat
{
    /// <summary>Apache Parquet, typed columns.</summary>
    [Description("Apache Parquet, typed columns")]
    Parquet,

    /// <summary>RFC 4180 CSV in UTF-8 with a header.</summary>
    [Description("CSV in UTF-8 with a header row")]
    Csv,

    /// <summary>One JSON object a line.</summary>
    [Description("one JSON object a line")]
    Ndjson,

    /// <summary>The source's bytes as they are; the load service parses them.</summary>
    [Description("the source's bytes as they are")]
    Passthrough,
}

/// <summary>The compressions of staged files.</summary>
public enum StagingCompression
{
    /// <summary>What suits the format: zstd for Parquet, gzip for CSV and NDJSON.</summary>
    Auto,

    /// <summary>None.</summary>
    None,

    /// <summary>Zstandard (Parquet only).</summary>
    Zstd,

    /// <summary>Snappy (Parquet only).</summary>
    Snappy,

    /// <summary>Gzip.</summary>
    Gzip,
}
