namespace Etl.Connectors.Gcp.Federation;

/// <summary>Reads files that are small when they are what they should be: a path that somebody else wrote may lead to a device without an end.</summary>
internal static class SmallFile
{
    /// <summary>The most bytes that are read.</summary>
    public const int Largest = 1 << 20;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The file's content, without a byte order mark.</summary>
    /// <exception cref="InvalidDataException">It is larger than <see cref="Largest"/>.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static byte[] Read(string path)
    {
        // A pipe (a shell's process substitution) is not known by its length, so none is asked for.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (file.Read(buffer) is var read and > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > Largest) throw new InvalidDataException($"{path} is larger than {Largest} bytes.");
        }

        var bytes = content.ToArray();
        return bytes.AsSpan().StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;
    }
}
