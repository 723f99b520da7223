using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Etl.LocalCloud.BigQuery.Jobs;

/// <summary>The jobs that were asked for, as documents on disk: an id that was used stays used.</summary>
internal sealed class JobStore(string folder)
{
    private readonly ConcurrentDictionary<string, JsonObject> live = new();

    /// <summary>Keeps a new job.</summary>
    /// <exception cref="BigQueryRefusedException">There is one with this id.</exception>
    public void Add(string project, string id, JsonObject job)
    {
        Directory.CreateDirectory(folder);
        try
        {
            using var file = new FileStream(PathOf(project, id), FileMode.CreateNew, FileAccess.Write);
            file.Write(Encoding.UTF8.GetBytes(job.ToJsonString()));
        }
        catch (IOException) when (File.Exists(PathOf(project, id)))
        {
            throw BigQueryRefusedException.Duplicate($"Already Exists: Job {project}:US.{id}");
        }

        live[PathOf(project, id)] = job;
    }

    /// <summary>Keeps what became of a job.</summary>
    public void Update(string project, string id, JsonObject job)
    {
        live[PathOf(project, id)] = job;
        var partial = PathOf(project, id) + ".part";
        File.WriteAllText(partial, job.ToJsonString());
        File.Move(partial, PathOf(project, id), overwrite: true);
    }

    /// <summary>The job.</summary>
    /// <exception cref="BigQueryRefusedException">There is none.</exception>
    public JsonObject Get(string project, string id)
    {
        if (live.TryGetValue(PathOf(project, id), out var job)) return job;
        return File.Exists(PathOf(project, id)) ? JsonNode.Parse(File.ReadAllText(PathOf(project, id)))!.AsObject() : throw BigQueryRefusedException.NotFound($"Not found: Job {project}:{id}");
    }

    /// <summary>Whether the job is one of this process.</summary>
    public bool IsLive(string project, string id) => live.ContainsKey(PathOf(project, id));

    /// <summary>The jobs of this process.</summary>
    public IReadOnlyList<JsonObject> All() => [.. live.Values];

    /// <summary>Forgets a job.</summary>
    public void Remove(string project, string id)
    {
        live.TryRemove(PathOf(project, id), out _);
        File.Delete(PathOf(project, id));
    }

    private string PathOf(string project, string id) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{project}/{id}"))) + ".json");
}
