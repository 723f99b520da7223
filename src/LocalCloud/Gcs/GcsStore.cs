using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Etl.LocalCloud.Storage;

namespace Etl.LocalCloud.Gcs;

/// <summary>Buckets and objects on disk. A name never becomes a path: its hash does, with the metadata in a file beside it.</summary>
internal sealed class GcsStore(string folder, bool createMissing, TimeProvider time) : IObjectFiles
{
    private readonly Lock gate = new();
    private long lastGeneration;

    /// <summary>The buckets' names, sorted.</summary>
    public IReadOnlyList<string> Buckets() =>
        Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Select(d => Path.GetFileName(d)!).Where(IsName).Order(StringComparer.Ordinal)] : [];

    /// <summary>Whether there is such a bucket.</summary>
    public bool Exists(string bucket) => IsName(bucket) && Directory.Exists(Path.Combine(folder, bucket));

    /// <summary>Makes a bucket.</summary>
    public void Create(string bucket) => Directory.CreateDirectory(Path.Combine(folder, IsName(bucket) ? bucket : throw new GcsRefusedException(400, "invalid", $"Invalid bucket name: '{bucket}'")));

    /// <summary>Removes an empty bucket.</summary>
    public void Remove(string bucket)
    {
        if (List(bucket).Count > 0) throw new GcsRefusedException(409, "conflict", "The bucket you tried to delete is not empty.");
        Directory.Delete(Path.Combine(folder, bucket), recursive: true);
    }

    /// <summary>Makes sure that the bucket is there.</summary>
    /// <exception cref="GcsRefusedException">It is not, and may not be made.</exception>
    public void Require(string bucket)
    {
        if (Exists(bucket)) return;
        if (!createMissing) throw GcsRefusedException.NoBucket();
        Create(bucket);
    }

    /// <summary>The bucket's objects in the order of their names' UTF-8 bytes.</summary>
    public IReadOnlyList<GcsObject> List(string bucket) => !Exists(bucket) ? [] :
        [.. Directory.EnumerateFiles(Path.Combine(folder, bucket), "*.json").Select(Read).OfType<GcsObject>().OrderBy(o => o.Name, Utf8Order.Instance)];

    /// <summary>The object, or null.</summary>
    public GcsObject? Find(string bucket, string name) => Exists(bucket) ? Read(PathOf(bucket, name) + ".json") : null;

    /// <summary>Where an object's bytes are.</summary>
    public string PathOf(string bucket, string name) => Path.Combine(folder, bucket, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))));

    /// <summary>A file to collect an upload in.</summary>
    public string NewFile()
    {
        Directory.CreateDirectory(Path.Combine(folder, ".uploads"));
        return Path.Combine(folder, ".uploads", Guid.NewGuid().ToString("N"));
    }

    /// <summary>Makes <paramref name="file"/> the object <paramref name="draft"/> describes, in one step with the check of the preconditions.</summary>
    public GcsObject Put(string file, GcsObject draft, Preconditions conditions)
    {
        lock (gate)
        {
            if (!conditions.Hold(Find(draft.Bucket, draft.Name))) throw GcsRefusedException.ConditionNotMet();
            var now = time.GetUtcNow();
            lastGeneration = Math.Max(lastGeneration + 1, (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
            var written = draft with { Generation = lastGeneration, Created = now, Updated = now };
            var path = PathOf(draft.Bucket, draft.Name);
            File.Move(file, path, overwrite: true);
            WriteSidecar(path, written);
            return written;
        }
    }

    /// <summary>Changes an object's metadata, from what they are when nobody else changes them.</summary>
    public GcsObject Update(string bucket, string name, Func<GcsObject, GcsObject> change, Preconditions conditions)
    {
        lock (gate)
        {
            var found = Find(bucket, name) ?? throw GcsRefusedException.NoObject(bucket, name);
            if (!conditions.Hold(found)) throw GcsRefusedException.ConditionNotMet();
            var written = change(found) with { Metageneration = found.Metageneration + 1, Updated = time.GetUtcNow() };
            WriteSidecar(PathOf(bucket, name), written);
            return written;
        }
    }

    /// <summary>Removes an object.</summary>
    public void Delete(string bucket, string name, Preconditions conditions)
    {
        lock (gate)
        {
            var found = Find(bucket, name) ?? throw GcsRefusedException.NoObject(bucket, name);
            if (!conditions.Hold(found)) throw GcsRefusedException.ConditionNotMet();
            File.Delete(PathOf(bucket, name) + ".json");
            File.Delete(PathOf(bucket, name));
        }
    }

    /// <inheritdoc/>
    IReadOnlyList<ObjectFile> IObjectFiles.Find(string bucket, string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        var found = star < 0 ? new[] { Find(bucket, pattern) }.OfType<GcsObject>()
            : List(bucket).Where(o => o.Name.Length >= pattern.Length - 1 && o.Name.StartsWith(pattern[..star], StringComparison.Ordinal) && o.Name.EndsWith(pattern[(star + 1)..], StringComparison.Ordinal));
        return [.. found.Select(o => new ObjectFile(bucket, o.Name, PathOf(bucket, o.Name), o.Size, o.Generation))];
    }

    private static GcsObject? Read(string sidecar)
    {
        try
        {
            return File.Exists(sidecar) ? JsonSerializer.Deserialize<GcsObject>(File.ReadAllBytes(sidecar)) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static bool IsName(string bucket) =>
        bucket.Length is >= 3 and <= 222 && bucket.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.') && char.IsAsciiLetterOrDigit(bucket[0]) && !bucket.Contains("..", StringComparison.Ordinal);

    private void WriteSidecar(string path, GcsObject written)
    {
        var sidecar = NewFile();
        File.WriteAllBytes(sidecar, JsonSerializer.SerializeToUtf8Bytes(written));
        File.Move(sidecar, path + ".json", overwrite: true);
    }
}
