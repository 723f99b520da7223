using System.Runtime.CompilerServices;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;

namespace Etl.Connectors.Sftp;

/// <summary>Files of an SFTP server, each pinned by its length and the second of its last change. Symbolic links are not followed.</summary>
public sealed class SftpSource : ISource, IDisposable
{
    private readonly SftpSourceOptions options;
    private readonly SftpConnection connection;
    private readonly KeyPattern pattern;

    /// <summary>A source that connects when it is first used.</summary>
    public SftpSource(SftpSourceOptions options, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        this.options = options;
        connection = new SftpConnection(options, context.Folder);
        pattern = new KeyPattern(options.Pattern);
    }

    private string Server => $"sftp://{options.Host}{(options.Port == 22 ? "" : $":{options.Port}")}";

    // A pattern without ** names how many folders down its files are.
    private int Depth => options.Pattern is null || options.Pattern.Contains("**", StringComparison.Ordinal) ? int.MaxValue : options.Pattern.Count(c => c == '/');

    /// <inheritdoc/>
    /// <remarks>In the order of their paths.</remarks>
    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var root = await connection.CallAsync(Server, sftp => Task.FromResult(Root(sftp)), cancel).ConfigureAwait(false);
        var found = new List<SourceObject>();
        var folders = new Queue<(string Path, int Depth)>([(root, 0)]);
        while (folders.TryDequeue(out var folder))
            foreach (var entry in await connection.CallAsync(Server + folder.Path, async sftp => await sftp.ListDirectoryAsync(folder.Path, cancel).ToListAsync(cancel).ConfigureAwait(false), cancel).ConfigureAwait(false))
            {
                if (entry.Name is "." or "..") continue;
                var path = $"{folder.Path.TrimEnd('/')}/{entry.Name}";
                if (entry.IsDirectory && folder.Depth < Depth) folders.Enqueue((path, folder.Depth + 1));
                else if (entry.IsRegularFile && pattern.IsMatch(path[(root.TrimEnd('/').Length + 1)..])) found.Add(new SourceObject(Server + path, FileVersion.Of(entry.Attributes), entry.Attributes.Size, new DateTimeOffset(entry.LastWriteTimeUtc)));
            }

        if (found.Count == 0 && options.Required)
            throw new DataException($"No file in {Server}{root} matches {options.Pattern ?? "the folder"}. Look with `sftp -P {options.Port} {options.User}@{options.Host}`, or leave out `required` when an empty run is fine.");
        foreach (var file in found.OrderBy(f => f.Uri, StringComparer.Ordinal)) yield return file;
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (range.Length == 0 || range.Offset >= source.Length) return Stream.Null;
        var path = source.Uri[Server.Length..];
        return await connection.CallAsync(source.Uri, sftp => OpenAsync(sftp, path, source, range, cancel), cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private static async Task<Stream> OpenAsync(SftpClient sftp, string path, SourceObject source, ByteRange range, CancellationToken cancel)
    {
        SftpFileStream? file = null;
        try
        {
            file = await sftp.OpenAsync(path, FileMode.Open, FileAccess.Read, cancel).ConfigureAwait(false);
            // Looked at after it was opened: a file that is put in its place from now on is not the one that is read.
            if (FileVersion.Of(await sftp.GetAttributesAsync(path, cancel).ConfigureAwait(false)) != source.Version) throw new ObjectChangedException(source.Uri);
            file.Position = range.Offset;
            return new SftpContent(sftp, file, path, Math.Min(range.Length ?? long.MaxValue, source.Length - range.Offset), source);
        }
        catch (Exception e)
        {
            if (file is not null) await file.DisposeAsync().ConfigureAwait(false);
            if (e is SftpPathNotFoundException) throw new ObjectChangedException(source.Uri, e);
            throw;
        }
    }

    private string Root(SftpClient sftp)
    {
        var folder = options.Folder.StartsWith('/') ? options.Folder : $"{sftp.WorkingDirectory.TrimEnd('/')}/{options.Folder}";
        return folder.Length > 1 ? folder.TrimEnd('/') : "/";
    }
}
