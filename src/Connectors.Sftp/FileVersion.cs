using Renci.SshNet.Sftp;

namespace Etl.Connectors.Sftp;

/// <summary>What tells one version of a file from the next: the protocol has nothing but its length and the second of its last change.</summary>
internal static class FileVersion
{
    /// <summary>The version.</summary>
    public static string Of(SftpFileAttributes file) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file.Size}-{new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeSeconds()}");
}
