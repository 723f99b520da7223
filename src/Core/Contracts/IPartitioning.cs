namespace Etl.Core.Contracts;

/// <summary>Options of a staging sink whose files, where they are the result of a run, can be put into folders by the values of columns.</summary>
public interface IPartitioning
{
    /// <summary>The columns, outermost folder first; empty for no such folders.</summary>
    IReadOnlyList<string> PartitionBy { get; }

    /// <summary>The format of the files.</summary>
    StagingFormat Format { get; }
}
