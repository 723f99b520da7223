using Etl.Core.Errors;

namespace Etl.Core.Compression;

/// <summary>How much a compressed object may unpack to before it is taken for an attack: what is read of it is never kept, but it would keep a run busy without end.</summary>
/// <param name="Ratio">How many times its stored size; asked only of what unpacks to more than <see cref="FreeBytes"/>, since a small file of one value is no attack.</param>
/// <param name="Bytes">The most bytes.</param>
public sealed record UnpackLimits(long Ratio, long Bytes)
{
    /// <summary>What any object may unpack to.</summary>
    public const long FreeBytes = 256L << 20;

    /// <summary>The most files in one archive.</summary>
    public const int Entries = 100_000;

    /// <summary>1,000 times its size, 1 TiB.</summary>
    public static UnpackLimits Default { get; } = new(1000, 1L << 40);

    /// <summary>A count for one object.</summary>
    internal Unpacked Count(string uri) => new(this, uri);

    /// <summary>What one object unpacked to so far, all files of an archive together: those of a bomb may share their bytes.</summary>
    internal sealed class Unpacked(UnpackLimits limits, string uri)
    {
        private long bytes;

        /// <summary>Counts bytes.</summary>
        /// <param name="count">Unpacked bytes more.</param>
        /// <param name="packed">Stored bytes taken so far; all of an archive's.</param>
        /// <exception cref="DataException">It is too much.</exception>
        public void Add(long count, long packed)
        {
            bytes += count;
            if (bytes > limits.Bytes)
                throw new DataException($"{uri} unpacks to more than {limits.Bytes >> 20:N0} MiB. Check where the object comes from; when it is right, raise `limits: unpack_size`. Nothing of it was loaded.");
            if (bytes > FreeBytes && bytes / limits.Ratio > packed)
                throw new DataException($"{uri} unpacks to more than {limits.Ratio:N0} times its size ({bytes >> 20:N0} MiB so far), as a decompression bomb does. Check where the object comes from; when it is right, raise `limits: unpack_ratio`. Nothing of it was loaded.");
        }
    }
}
