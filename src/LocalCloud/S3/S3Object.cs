namespace Etl.LocalCloud.S3;

/// <summary>One stored object.</summary>
/// <param name="Key">The key.</param>
/// <param name="Path">Where its bytes are on disk.</param>
/// <param name="Length">Its size.</param>
/// <param name="Modified">When it was written, to the second.</param>
/// <param name="ETag">Its entity tag, with the quotes.</param>
/// <param name="Headers">What the writer sent along: Content-Type, x-amz-meta-….</param>
internal sealed record S3Object(string Key, string Path, long Length, DateTimeOffset Modified, string ETag, IReadOnlyDictionary<string, string> Headers);
