using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Etl.LocalCloud.Storage;

namespace Etl.LocalCloud.S3;

/// <summary>Buckets on disk: those written here, and those shown from a folder. A key never becomes a path: its hash does, with the key in a file beside it.</summary>
internal sealed class S3Store(string folder, string? shown, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<(string Path, long Length, DateTime Modified), string> etags = new();

    /// <summary>The buckets' names, sorted.</summary>
    public IReadOnlyList<string> Buckets() =>
        [.. new[] { folder, shown }.Where(f => Directory.Exists(f)).SelectMany(f => Directory.GetDirectories(f!)).Select(d => Path.GetFileName(d)!).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether there is such a bucket.</summary>
    public bool Exists(string bucket) => Buckets().Contains(bucket);

    /// <summary>Makes a bucket.</summary>
    public void Create(string bucket) => Directory.CreateDirectory(Path.Combine(folder, bucket));

    /// <summary>The objects whose key starts with <paramref name="prefix"/>, in the order of their keys' UTF-8 bytes.</summary>
    public IReadOnlyList<S3Object> List(string bucket, string prefix)
    {
        var objects = new SortedDictionary<string, S3Object>(Utf8Order.Instance);
        if (shown is not null && Directory.Exists(Path.Combine(shown, bucket)))
        {
            var root = Path.Combine(shown, bucket);
            foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            {
                var key = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
                if (key.StartsWith(prefix, StringComparison.Ordinal) && Shown(key, path) is { } there) objects[key] = there;
            }
        }

        if (Directory.Exists(Path.Combine(folder, bucket)))
            foreach (var sidecar in Directory.EnumerateFiles(Path.Combine(folder, bucket), "*.json"))
                if (Read(sidecar) is { } written && written.Key.StartsWith(prefix, StringComparison.Ordinal))
                    objects[written.Key] = written;
        return [.. objects.Values];
    }

    /// <summary>The object, or null.</summary>
    public S3Object? Find(string bucket, string key)
    {
        if (Read(PathOf(bucket, key) + ".json") is { } written) return written;
        if (shown is null || key.Length == 0 || key.Contains('\0', StringComparison.Ordinal)) return null;
        var root = Path.GetFullPath(Path.Combine(shown, bucket)) + Path.DirectorySeparatorChar;
        var path = Path.GetFullPath(Path.Combine(root, key));
        // "a/../b" is another key than "b", and "../" is no way out.
        return path.StartsWith(root, StringComparison.Ordinal) && path == Path.Combine(root, key) && File.Exists(path) ? Shown(key, path) : null;
    }

    /// <summary>A file to write an object or a part into.</summary>
    public string NewFile()
    {
        Directory.CreateDirectory(Path.Combine(folder, "."));
        return Path.Combine(folder, $".upload-{Guid.NewGuid():N}");
    }

    /// <summary>Makes <paramref name="file"/> the object, in one step with <paramref name="check"/> of what is there: from then on it is seen, whole.</summary>
    public S3Object Put(string bucket, string key, string file, string etag, IReadOnlyDictionary<string, string> headers, Action<S3Object?> check)
    {
        lock (gate)
        {
            check(Find(bucket, key));
            var path = PathOf(bucket, key);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var now = time.GetUtcNow();
            var written = new S3Object(key, path, new FileInfo(file).Length, now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)), etag, headers);
            var sidecar = NewFile();
            File.WriteAllBytes(sidecar, JsonSerializer.SerializeToUtf8Bytes(written));
            File.Move(file, path, overwrite: true);
            File.Move(sidecar, path + ".json", overwrite: true);
            return written;
        }
    }

    /// <summary>Removes an object that was written here, in one step with <paramref name="check"/> of what is there; a shown file stays, it is not ours.</summary>
    public void Delete(string bucket, string key, Action<S3Object?> check)
    {
        lock (gate)
        {
            check(Find(bucket, key));
            var path = PathOf(bucket, key);
            if (!Directory.Exists(Path.GetDirectoryName(path))) return;
            File.Delete(path + ".json");
            File.Delete(path);
        }
    }

    private static S3Object? Read(string sidecar)
    {
        try
        {
            return File.Exists(sidecar) ? JsonSerializer.Deserialize<S3Object>(File.ReadAllBytes(sidecar)) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private string PathOf(string bucket, string key) => Path.Combine(folder, bucket, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));

    // Of a link, its own length and time would be told.
    private S3Object? Shown(string key, string path)
    {
        var link = new FileInfo(path);
        var file = link.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? link;
        if (!file.Exists) return null;
        var etag = etags.GetOrAdd((path, file.Length, file.LastWriteTimeUtc), static file =>
        {
            using var stream = File.OpenRead(file.Path);
            return $"\"{Convert.ToHexStringLower(MD5.HashData(stream))}\"";
        });
        var modified = new DateTimeOffset(file.LastWriteTimeUtc);
        return new S3Object(key, path, file.Length, modified.AddTicks(-(modified.Ticks % TimeSpan.TicksPerSecond)), etag, new Dictionary<string, string>());
    }
}
