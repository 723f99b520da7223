using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;

namespace Acme;

/// <summary>The files of a folder, each pinned by a hash of its content. Put your service in its place: list, pin, and read a range of what was pinned.</summary>
public sealed class AcmeSource(AcmeSourceOptions options, ConnectorContext context) : ISource
{
    private readonly string folder = Path.GetFullPath(options.Folder, context.Folder);

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        if (!Directory.Exists(folder)) throw new ServiceException($"There is no folder {folder}. Check folder under source.", transient: false);
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var content = await File.ReadAllBytesAsync(path, cancel);
            yield return new SourceObject(new Uri(path).AbsoluteUri, Version(content), content.Length, File.GetLastWriteTimeUtc(path));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel)
    {
        byte[] content;
        try
        {
            content = await File.ReadAllBytesAsync(new Uri(source.Uri).LocalPath, cancel);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ObjectChangedException(source.Uri, e);
        }

        // Exactly the pinned version, or none.
        if (Version(content) != source.Version) throw new ObjectChangedException(source.Uri);
        var length = Math.Min(range.Length ?? long.MaxValue, content.Length - range.Offset);
        return new MemoryStream(content, (int)range.Offset, (int)length, writable: false);
    }

    private static string Version(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
