using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;

namespace Etl.Connectors.Local.Files;

/// <summary>Staged files in a folder: written beside their place and moved there when whole, so that a name is either absent or complete.</summary>
public sealed class FileStagingSink(FileStagingOptions options, ConnectorContext context) : IStagingSink, IStagedFiles
{
    private readonly string folder = Path.GetFullPath(options.Path, context.Folder);
    private readonly FolderObjects objects = new(Path.GetFullPath(options.Path, context.Folder));

    /// <inheritdoc/>
    public StagingEncoding Encoding { get; } = new(options.Format, options.Compression);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The name leads out of the folder.</exception>
    public async ValueTask<StagedFile> WriteAsync(string name, Stream content, CancellationToken cancel)
    {
        var path = PathOf(name);
        var part = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():n}.part");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            StagedFile staged;
            var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                var (bytes, crc) = await CopyAsync(content, file, cancel).ConfigureAwait(false);
                Flush(file);
                staged = new StagedFile(new Uri(path).AbsoluteUri, bytes, crc);
            }

            if (!await IsThereAsync(path, staged, cancel).ConfigureAwait(false))
                File.Move(part, path, overwrite: true);
            return staged;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ServiceException($"{folder} may not be written by this user. Change its permissions, or path under sinks: file.", transient: false, e);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(StagedFile file, ByteRange range, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            var stream = new FileStream(new Uri(file.Uri).LocalPath, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);
            stream.Position = range.Offset;
            return ValueTask.FromResult<Stream>(stream);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new ServiceException($"The staged file {file.Uri} cannot be read: {e.Message} Several machines need a folder that all of them reach.", transient: false, e);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancel) => objects.ListAsync(prefix, cancel);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(StoredObject found, CancellationToken cancel) => objects.DeleteAsync(found, cancel);

    private string PathOf(string name)
    {
        if (name.Split('/').Any(p => p is "" or "." or "..") || name.AsSpan().IndexOfAny("\\\0:") >= 0)
            throw new ArgumentException($"A staged file cannot be named {name}: it must be a relative path that stays in its folder.", nameof(name));
        return Path.Combine(folder, Path.Combine(name.Split('/')));
    }

    private async ValueTask<(long Bytes, string Crc32c)> CopyAsync(Stream content, FileStream file, CancellationToken cancel)
    {
        var crc = new Crc32(Crc32ParameterSet.Crc32C);
        var bytes = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
        try
        {
            for (int count; (count = await content.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0; bytes += count)
            {
                crc.Append(buffer.AsSpan(0, count));
                try
                {
                    await file.WriteAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
                }
                catch (IOException e)
                {
                    throw Failed(e);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return (bytes, Text(crc));
    }

    /// <summary>Some file systems find room only now.</summary>
    private void Flush(FileStream file)
    {
        try
        {
            file.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            throw Failed(e);
        }
    }

    private ServiceException Failed(IOException e) => e.HResult == DiskFull.HResult
        ? new ServiceException($"The disk that holds {folder} is full. Nothing half written was left. Make room, or change path under sinks: file, and run again: what is staged stays.", transient: false, e)
        : new ServiceException($"{folder} could not be written: {e.Message} Check the disk and run again.", transient: false, e);

    private static async ValueTask<bool> IsThereAsync(string path, StagedFile staged, CancellationToken cancel)
    {
        if (!File.Exists(path) || new FileInfo(path).Length != staged.Bytes)
            return false;
        var crc = new Crc32(Crc32ParameterSet.Crc32C);
        var existing = File.OpenRead(path);
        await using (existing.ConfigureAwait(false))
            await crc.AppendAsync(existing, cancel).ConfigureAwait(false);
        return Text(crc) == staged.Crc32c;
    }

    private static string Text(Crc32 crc)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, crc.GetCurrentHashAsUInt32());
        return Convert.ToBase64String(bytes);
    }
}
