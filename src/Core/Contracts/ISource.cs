namespace Etl.Core.Contracts;

/// <summary>Where objects come from. The planner lists once a run; stage tasks open concurrently, each object possibly several times. Let exceptions escape: the engine retries, resumes and reports.</summary>
public interface ISource
{
    /// <summary>The objects to read, each pinned to its version, in a stable order.</summary>
    /// <exception cref="Errors.ServiceException">The service refused or failed.</exception>
    IAsyncEnumerable<SourceObject> ListAsync(CancellationToken cancel);

    /// <summary>The object's stored bytes (still compressed) in <paramref name="range"/>, of exactly the pinned version. The caller disposes the stream, and opens again further on when it breaks.</summary>
    /// <exception cref="Errors.ObjectChangedException">The pinned version is no longer there.</exception>
    /// <exception cref="Errors.ServiceException">The service refused or failed.</exception>
    ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel);
}

/// <summary>One object, pinned.</summary>
/// <param name="Uri">Its address, such as <c>s3://bucket/key</c>: what errors and dead letters name.</param>
/// <param name="Version">What pins it: a version id or an ETag. A changed object has another version.</param>
/// <param name="Length">Its stored size in bytes.</param>
/// <param name="Modified">When it was last modified.</param>
public sealed record SourceObject(string Uri, string Version, long Length, DateTimeOffset Modified)
{
    /// <summary>What errors and dead letters call it: the address, with the file inside an archive after <c>!</c>.</summary>
    /// <param name="entry">The file inside the archive; null when it is none.</param>
    public string NameOf(string? entry) => entry is null ? Uri : $"{Uri}!{entry}";
}

/// <summary>Bytes from <paramref name="Offset"/>, <paramref name="Length"/> of them or all that follow.</summary>
public readonly record struct ByteRange(long Offset, long? Length = null)
{
    /// <summary>The whole object.</summary>
    public static ByteRange All => default;
}
