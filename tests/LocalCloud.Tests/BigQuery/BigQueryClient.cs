using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Etl.LocalCloud.Tests.BigQuery;

/// <summary>BigQuery's API by hand: JSON over HTTP, so that nothing of a client library stands between the test and the wire.</summary>
internal sealed class BigQueryClient(LocalCloudServer server, string token)
{
    private static readonly HttpClient Http = new();

    /// <summary>Calls a method; the path starts after <c>/bigquery/v2/projects/proj/</c>.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> CallAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(server.Endpoints.BigQuery, "/bigquery/v2/projects/proj/" + path));
        if (token.Length > 0) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>Stores an object.</summary>
    public async Task PutAsync(string name, byte[] bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Endpoints.CloudStorage, $"/upload/storage/v1/b/loads/o?uploadType=media&name={Uri.EscapeDataString(name)}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = new ByteArrayContent(bytes);
        (await Http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    public Task PutAsync(string name, string text) => PutAsync(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Loads an object into <c>d.TABLE</c> and returns the finished job.</summary>
    public async Task<JsonNode> LoadAsync(string table, string uri, string options, string? jobId = null)
    {
        var id = jobId ?? "load_" + Guid.NewGuid().ToString("N");
        var (status, body) = await CallAsync(HttpMethod.Post, "jobs", $$"""
            {"jobReference": {"projectId": "proj", "jobId": "{{id}}"}, "configuration": {"load": {
              "sourceUris": ["{{uri}}"], "destinationTable": {"projectId": "proj", "datasetId": "d", "tableId": "{{table}}"}, {{options}} } } }
            """);
        return status == HttpStatusCode.OK ? await FinishedAsync(id) : body;
    }

    /// <summary>The rows of a query, each as its texts.</summary>
    public async Task<List<string?[]>> RowsAsync(string sql)
    {
        var (_, answer) = await QueryAsync(sql);
        return [.. (answer["rows"] as JsonArray ?? throw new InvalidOperationException(answer.ToJsonString())).Select(r => r!["f"]!.AsArray().Select(c => c!["v"]?.GetValue<string>()).ToArray())];
    }

    public Task<(HttpStatusCode Status, JsonNode Body)> QueryAsync(string sql) =>
        CallAsync(HttpMethod.Post, "queries", new JsonObject { ["query"] = sql, ["useLegacySql"] = false, ["formatOptions"] = new JsonObject { ["useInt64Timestamp"] = true } }.ToJsonString());

    private async Task<JsonNode> FinishedAsync(string id)
    {
        for (var i = 0; i < 600; i++)
        {
            var (_, job) = await CallAsync(HttpMethod.Get, "jobs/" + id);
            if (job["status"]?["state"]?.GetValue<string>() == "DONE") return job;
            await Task.Delay(50);
        }

        throw new TimeoutException("The job does not end.");
    }
}
