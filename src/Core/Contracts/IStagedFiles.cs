namespace Etl.Core.Contracts;

/// <summary>A staging sink whose files can be read back, for load sinks that bring the rows to their service themselves. Called concurrently; let exceptions escape.</summary>
public interface IStagedFiles
{
    /// <summary>The bytes of a staged file in <paramref name="range"/>. The caller disposes the stream, and opens again further on when it breaks.</summary>
    /// <exception cref="Errors.ServiceException">The service refused or failed, or the file is gone.</exception>
    ValueTask<Stream> OpenAsync(StagedFile file, ByteRange range, CancellationToken cancel);
}
