namespace Etl.Runner.Init;

/// <summary>What a new pipeline file is made from.</summary>
internal sealed record InitAnswers
{
    /// <summary>The sample: a path, or s3://bucket/key.</summary>
    public required string From { get; init; }

    /// <summary>The pipeline's name.</summary>
    public required string Name { get; init; }

    /// <summary>The bucket that files are staged in.</summary>
    public required string Staging { get; init; }

    /// <summary>The project of the table.</summary>
    public required string Project { get; init; }

    /// <summary>Its dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>The table.</summary>
    public required string Table { get; init; }

    /// <summary>The key of a merge; empty to append.</summary>
    public required IReadOnlyList<string> Key { get; init; }

    /// <summary>The column that the table is partitioned by; null for none.</summary>
    public required string? Partition { get; init; }

    /// <summary>The columns to mask.</summary>
    public required IReadOnlyList<string> Mask { get; init; }
}
