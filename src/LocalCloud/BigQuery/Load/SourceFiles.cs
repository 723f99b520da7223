using System.Text.Json.Nodes;
using Etl.LocalCloud.Iam;
using Etl.LocalCloud.Identity;
using Etl.LocalCloud.Storage;

namespace Etl.LocalCloud.BigQuery.Load;

/// <summary>The files in Cloud Storage that a load job or an external table names.</summary>
internal sealed class SourceFiles(IObjectFiles objects, AccessControl access)
{
    private const int MostUris = 10_000;

    /// <summary>The files of its <c>sourceUris</c>, in order.</summary>
    /// <exception cref="BigQueryRefusedException">One is not there, or may not be read by who asks.</exception>
    public List<LoadFile> Find(JsonObject configuration, GoogleIdentity who)
    {
        var uris = (configuration["sourceUris"] as JsonArray ?? []).Select(u => u!.GetValue<string>()).ToList();
        if (uris.Count == 0) throw BigQueryRefusedException.Invalid("Load configuration must specify at least one source URI");
        if (uris.Count > MostUris) throw BigQueryRefusedException.Invalid($"Too many source URIs: {uris.Count}, at most {MostUris} are allowed.");
        var files = new List<LoadFile>();
        foreach (var uri in uris)
        {
            if (!uri.StartsWith("gs://", StringComparison.Ordinal) || uri[5..].Split('/', 2) is not [var bucket, { Length: > 0 } pattern]) throw BigQueryRefusedException.Invalid($"Source URI must be a Google Cloud Storage location: {uri}");
            if (pattern.Count(c => c == '*') > 1) throw BigQueryRefusedException.Invalid($"Only one wildcard is allowed in a source URI: {uri}");
            foreach (var permission in pattern.Contains('*', StringComparison.Ordinal) ? ["storage.objects.get", "storage.objects.list"] : new[] { "storage.objects.get" })
                if (!access.Allows(who, permission, "buckets/" + bucket))
                    throw new BigQueryRefusedException(403, "accessDenied", $"Access Denied: BigQuery BigQuery: Permission denied while globbing file pattern. {who.Name} does not have {permission} access to the Google Cloud Storage object. Permission '{permission}' denied on resource (or it may not exist). Please make sure {uri} is accessible via appropriate IAM roles, e.g. Storage Object Viewer or Storage Object Creator.");
            var found = objects.Find(bucket, pattern);
            if (found.Count == 0) throw BigQueryRefusedException.NotFound($"Not found: URI {uri}");
            files.AddRange(found.Select(f => new LoadFile($"gs://{f.Bucket}/{f.Name}", f.Path, f.Length)));
        }

        return files;
    }
}

/// <summary>A file to load.</summary>
internal sealed record LoadFile(string Uri, string Path, long Length);
