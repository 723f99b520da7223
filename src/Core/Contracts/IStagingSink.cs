using System.Text.Json.Serialization;
using Etl.Core.State;

namespace Etl.Core.Contracts;

/// <summary>Where staged files are written. Called concurrently from any machine, possibly more than once for one name. Let exceptions escape.</summary>
public interface IStagingSink : IStoredObjects
{
    /// <summary>The encoding its options ask for.</summary>
    StagingEncoding Encoding { get; }

    /// <summary>Creates the object <paramref name="name"/> from <paramref name="content"/>, which is read once, forward, without a known length. An object already there under that name is kept when its bytes are the same, and replaced otherwise (it is a leftover of a task that died before its receipt). Nothing is visible under the name until all of it is written.</summary>
    /// <exception cref="Errors.ServiceException">The service refused or failed.</exception>
    ValueTask<StagedFile> WriteAsync(string name, Stream content, CancellationToken cancel);
}

/// <summary>One file, staged.</summary>
/// <param name="Uri">Its address, such as <c>gs://bucket/name</c> or an absolute path as a <c>file</c> URI.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Crc32c">CRC32C of its bytes as the service reports it, base64 of the big-endian value, as Cloud Storage writes it.</param>
public sealed record StagedFile(string Uri, long Bytes, string Crc32c)
{
    /// <summary>The folder below the pipeline's that its rows belong into by their values, such as <c>day=2026-11-01</c>; null when files are not put into such folders. Set by the engine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Partition { get; init; }
}
