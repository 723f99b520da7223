using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Microsoft.Extensions.FileSystemGlobbing;

namespace Etl.Connectors.Local.Files;

/// <summary>Files on this machine, in the order of their paths, each pinned by its length and the time of its last change.</summary>
public sealed class FileSource(FileSourceOptions options, ConnectorContext context) : ISource
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var path in await Task.Run(Paths, cancel).WaitAsync(cancel).ConfigureAwait(false))
        {
            cancel.ThrowIfCancellationRequested();
            if (LinkedFile.Find(path) is { } file)
                yield return new SourceObject(new Uri(path).AbsoluteUri, Version(file), file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel)
    {
        var path = new Uri(source.Uri).LocalPath;
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
            if (FileVersion(path) != source.Version)
            {
                stream.Dispose();
                throw new ObjectChangedException(source.Uri);
            }

            stream.Position = range.Offset;
            return ValueTask.FromResult<Stream>(new FileSlice(stream, Math.Min(range.Length ?? long.MaxValue, source.Length - range.Offset), source));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ObjectChangedException(source.Uri, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ServiceException($"{path} may not be read by this user. Change its permissions and run again.", transient: false, e);
        }
    }

    /// <summary>Length and time of the last change: what tells one version of a file from the next.</summary>
    internal static string Version(FileInfo file) => string.Create(CultureInfo.InvariantCulture, $"{file.Length}-{file.LastWriteTimeUtc.Ticks}");

    /// <summary>The version of a file that is not there.</summary>
    internal const string Gone = "gone";

    internal static string FileVersion(string path) => LinkedFile.Find(path) is { } file ? Version(file) : Gone;

    private List<string> Paths()
    {
        var full = Path.GetFullPath(options.Path, context.Folder);
        if (File.Exists(full))
            return IsSeekable(full) ? [full] : throw new ServiceException($"{full} is a pipe, or a link that leads to no file. Etl reads a file more than once: write the data to a file first.", transient: false);
        if (Directory.Exists(full))
            return Matching(full, "**/*");

        // The folder ends where the pattern begins.
        var parts = full.Split('/', '\\');
        var fixedParts = parts.TakeWhile(p => p.AsSpan().IndexOfAny("*?") < 0).ToArray();
        var folder = string.Join(Path.DirectorySeparatorChar, fixedParts) + Path.DirectorySeparatorChar;
        if (fixedParts.Length == parts.Length || !Directory.Exists(folder))
            throw new ServiceException($"There is no file or folder {(fixedParts.Length == parts.Length ? full : folder)}. Check path under source: file.", transient: false);
        return Matching(folder, string.Join('/', parts[fixedParts.Length..]));
    }

    // A pipe has no length, and is only told from an empty file by opening it, which waits for who writes to it.
    private static bool IsSeekable(string path)
    {
        if (LinkedFile.Find(path) is not { } file)
            return false;
        if (file.Length > 0)
            return true;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
            return stream.CanSeek;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is wrong is said where the file is read.
            return true;
        }
    }

    private static List<string> Matching(string folder, string pattern)
    {
        var depth = pattern.Contains("**", StringComparison.Ordinal) ? int.MaxValue : pattern.Count(c => c == '/');
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = depth, AttributesToSkip = 0, IgnoreInaccessible = false };
        // A folder that is a link may lead to one above it, and what it holds would be found again and again.
        var files = new FileSystemEnumerable<string>(folder, static (ref entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = static (ref entry) => !entry.IsDirectory,
            ShouldRecursePredicate = static (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(pattern);
        try
        {
            return [.. files.Where(file => matcher.Match(folder, file).HasMatches).Order(StringComparer.Ordinal)];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ServiceException($"A folder may not be read by this user: {e.Message} Change its permissions and run again.", transient: false, e);
        }
    }
}
