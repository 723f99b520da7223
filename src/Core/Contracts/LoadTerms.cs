namespace Etl.Core.Contracts;

/// <summary>What a load sink's options make of the rows that its table has already.</summary>
/// <param name="Write">The write disposition; it decides which objects a run reads when the pipeline does not say.</param>
public sealed record LoadTerms(WriteDisposition Write)
{
    /// <summary>Whether a load leaves rows of earlier loads in the table, whose columns' types it then has to keep.</summary>
    public bool KeepsRows { get; init; } = Write != WriteDisposition.Replace;

    /// <summary>With <see cref="WriteDisposition.Merge"/> the columns that tell rows apart: the engine fails a run with a row that lacks a value in one.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];
}
