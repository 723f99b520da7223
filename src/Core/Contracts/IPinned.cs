namespace Etl.Core.Contracts;

/// <summary>A transform that depends on more than its options, such as the content of a file: part of what a run is planned with, so that no task goes on with other content. Asked once, when the pipeline is made; it does not throw.</summary>
public interface IPinned
{
    /// <summary>What tells other content: such as a hash of it.</summary>
    string Pin { get; }
}
