namespace Etl.Core.Compression;

/// <summary>How stored bytes are packed, told by their first bytes: suffixes and Content-Encoding lie.</summary>
public enum CompressionKind
{
    /// <summary>Not packed in a way we know.</summary>
    None,

    /// <summary>Gzip (RFC 1952).</summary>
    Gzip,

    /// <summary>Zstandard (RFC 8878).</summary>
    Zstd,

    /// <summary>A zip archive (PKWARE APPNOTE).</summary>
    Zip,
}
