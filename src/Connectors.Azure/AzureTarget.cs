using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.Connectors.Azure;

/// <summary>A container to write into.</summary>
public abstract record AzureTarget : AzureAddress
{
    /// <summary>What every name starts with.</summary>
    [Description("What every name starts with, such as orders/")]
    [StringLength(512)]
    public string Prefix { get; init; } = "";
}

/// <summary>Where staged files go, and how they are written.</summary>
public sealed record AzureStagingOptions : AzureTarget, IPartitioning
{
    /// <summary>The format of the staged files.</summary>
    [Description("The format of the staged files")]
    public StagingFormat Format { get; init; } = StagingFormat.Parquet;

    /// <summary>The compression of the staged files.</summary>
    [Description("The compression of the staged files. What suits the format when left out")]
    public StagingCompression Compression { get; init; } = StagingCompression.Auto;

    /// <inheritdoc/>
    [Description("The columns by whose values files are put into folders, as Hive, Spark, Synapse, Fabric and DuckDB read them (day=2026-11-01/); outermost first, of type STRING, INT64, BOOL or DATE. They are not in the files themselves. Only where the files are the result")]
    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    /// <summary>MiB sent in one request of an upload; as much memory is held for each upload under way.</summary>
    [Description("MiB sent in one request of an upload; as much memory is held for each upload under way. Azure takes 50,000 of them for a file")]
    [Range(1, 256)]
    public int ChunkMib { get; init; } = 8;
}

/// <summary>Where manifests, receipts and the pipeline's state are kept.</summary>
public sealed record AzureStateOptions : AzureTarget;
