namespace Etl.LocalCloud.Storage;

/// <summary>The objects of the local Cloud Storage as files on disk, for services that read them beside the wire (BigQuery's load jobs).</summary>
public interface IObjectFiles
{
    /// <summary>Objects of <paramref name="bucket"/> whose name matches <paramref name="pattern"/>: a name, or a name with <c>*</c> as BigQuery allows in a source URI, sorted by name. Empty when the bucket or the objects are not there.</summary>
    IReadOnlyList<ObjectFile> Find(string bucket, string pattern);
}

/// <summary>One stored object.</summary>
/// <param name="Bucket">The bucket's name.</param>
/// <param name="Name">The object's name, without a leading slash.</param>
/// <param name="Path">Where its bytes are on disk.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Generation">Its generation, as Cloud Storage counts it.</param>
public sealed record ObjectFile(string Bucket, string Name, string Path, long Length, long Generation);
