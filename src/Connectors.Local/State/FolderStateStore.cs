using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Etl.Connectors.Local.Files;
using Etl.Core.Errors;
using Etl.Core.State;

namespace Etl.Connectors.Local.State;

/// <summary>Options of the state store <c>folder</c>.</summary>
public sealed record FolderStateOptions
{
    /// <summary>Where.</summary>
    [Required]
    [Description("The folder that keeps manifests, receipts and state; relative to the pipeline file")]
    public required string Path { get; init; }
}

/// <summary>
/// State documents as files of one folder. A version is the hash of the content. Writers take turns by a lock file (held open, so that it is free again when
/// its process dies), and a document is moved into place whole, so that readers need no lock.
/// </summary>
public sealed class FolderStateStore(string folder, TimeProvider? time = null) : IStateStore
{
    private static readonly TimeSpan LockWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly FolderObjects objects = new(folder);

    /// <inheritdoc/>
    public string Locate(string name) => PathOf(name);

    /// <inheritdoc/>
    public async ValueTask<StateDocument?> ReadAsync(string name, CancellationToken cancel)
    {
        try
        {
            var content = await File.ReadAllBytesAsync(PathOf(name), cancel).ConfigureAwait(false);
            return new StateDocument(content, Version(content));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var held = await LockAsync(cancel).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            if (condition.Version is { } expected && ((await ReadAsync(name, cancel).ConfigureAwait(false))?.Version ?? "") != expected)
                throw new StateConflictException(name);
            await ReplaceAsync(path, content, cancel).ConfigureAwait(false);
        }

        return Version(content.Span);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancel) => objects.ListAsync(prefix, cancel);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(StoredObject found, CancellationToken cancel) => objects.DeleteAsync(found, cancel);

    private async ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var part = $"{path}.{Guid.NewGuid():n}.part";
        try
        {
            var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                await file.WriteAsync(content, cancel).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite: true);
        }
        catch (IOException e)
        {
            throw new ServiceException($"State could not be written to {folder}: {e.Message} Check the disk and run again.", transient: false, e);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private async ValueTask<FileStream> LockAsync(CancellationToken cancel)
    {
        var path = Path.Combine(folder, ".lock");
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.Asynchronous);
            }
            catch (IOException e)
            {
                if (time.GetElapsedTime(started) > LockPatience)
                    throw new ServiceException($"State in {folder} could not be locked within {LockPatience.TotalSeconds} seconds: {e.Message} Look for another run that hangs, and run again.", transient: true, e);
                await Task.Delay(LockWait, time, cancel).ConfigureAwait(false);
            }
        }
    }

    private string PathOf(string name)
    {
        if (name.Split('/').Any(p => p is "" or "." or ".." or ".lock") || name.AsSpan().IndexOfAny("\\\0:") >= 0)
            throw new ArgumentException($"A state document cannot be named {name}: it must be a relative path that stays in its folder.", nameof(name));
        return Path.Combine(folder, Path.Combine(name.Split('/')));
    }

    private static string Version(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
