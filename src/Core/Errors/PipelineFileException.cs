namespace Etl.Core.Errors;

/// <summary>The pipeline file is wrong. Carries every error found.</summary>
public sealed class PipelineFileException(IReadOnlyList<PipelineFileError> errors)
    : EtlException(string.Join(Environment.NewLine, errors))
{
    /// <summary>The errors, in file order.</summary>
    public IReadOnlyList<PipelineFileError> Errors { get; } = errors;
}

/// <summary>One error in a pipeline file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based.</param>
/// <param name="Message">What is wrong, and the nearest right spelling where there is one.</param>
public sealed record PipelineFileError(string File, int Line, int Column, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
