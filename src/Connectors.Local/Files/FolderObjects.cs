using System.Runtime.CompilerServices;
using Etl.Core.State;

namespace Etl.Connectors.Local.Files;

/// <summary>Lists and removes the files below a folder. A version is a file's length and the time of its last change.</summary>
internal sealed class FolderObjects(string folder) : IStoredObjects
{
    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        var below = new DirectoryInfo(PathOf(prefix));
        if (!below.Exists) yield break;
        await Task.Yield();
        foreach (var file in below.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            cancel.ThrowIfCancellationRequested();
            // A file may have gone since its folder was read.
            if (FileSource.FileVersion(file.FullName) is var version and not FileSource.Gone)
                yield return new StoredObject(Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), version, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
        }
    }

    public ValueTask DeleteAsync(StoredObject found, CancellationToken cancel)
    {
        var path = PathOf(found.Name);
        if (FileSource.FileVersion(path) == found.Version) File.Delete(path);
        // The folders it was the last of go too.
        for (var parent = Path.GetDirectoryName(path)!; parent.Length > folder.Length && Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any(); parent = Path.GetDirectoryName(parent)!)
            Directory.Delete(parent);
        return ValueTask.CompletedTask;
    }

    private string PathOf(string name) => Path.Combine(folder, Path.Combine(name.TrimEnd('/').Split('/')));
}
