namespace Etl.Core.Schemas;

/// <summary>What a metadata column says of where its row comes from.</summary>
public enum RowOrigin
{
    /// <summary>The object's address.</summary>
    Object,

    /// <summary>The file inside an archive.</summary>
    Entry,

    /// <summary>The 1-based line the row starts on.</summary>
    Line,

    /// <summary>The byte the row starts at.</summary>
    Offset,

    /// <summary>The run's id.</summary>
    Run,

    /// <summary>When the run began.</summary>
    LoadedAt,
}
