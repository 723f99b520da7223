using Etl.Core.Contracts;

namespace Etl.Core.Pipelines;

/// <summary>What goes with <c>partition_by</c>, as far as the pipeline file shows it.</summary>
internal static class PartitionRules
{
    /// <summary>What is wrong with the options, or null.</summary>
    /// <param name="options">The staging sink's.</param>
    /// <param name="load">The load sink that the files are staged for; null when they are the result.</param>
    public static string? Problem(IPartitioning options, string? load)
    {
        if (options.PartitionBy.Count == 0) return null;
        if (load is not null) return $"partition_by puts files into folders for whoever reads them, and here they are only staged for {load}, which would miss the columns; leave partition_by out, or make a pipeline of its own whose files are the result";
        if (options.Format == StagingFormat.Passthrough) return "partition_by needs rows, and format: passthrough copies the bytes as they are; say parquet, csv or ndjson";
        return options.PartitionBy.Distinct(StringComparer.OrdinalIgnoreCase).Count() < options.PartitionBy.Count ? "partition_by names a column twice" : null;
    }
}
