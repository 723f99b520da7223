using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Etl.LocalCloud.Tests.Gcs;

/// <summary>Requests to the local Cloud Storage made by hand, for what the official client would not send.</summary>
public sealed class GcsHttp : IDisposable
{
    private readonly HttpClient http;

    private GcsHttp(HttpClient http) => this.http = http;

    public static async Task<GcsHttp> OpenAsync(LocalCloudFixture fixture)
    {
        var http = new HttpClient { BaseAddress = fixture.Server.Endpoints.CloudStorage };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await fixture.SignIn.TokenAsync());
        return new GcsHttp(http);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null) => SendAsync(method, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content) => http.SendAsync(new HttpRequestMessage(method, path) { Content = content });

    public async Task<JsonNode> JsonAsync(HttpMethod method, string path, string? json = null)
    {
        using var response = await SendAsync(method, path, json);
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }

    /// <summary>Opens a resumable session; its address.</summary>
    public async Task<string> SessionAsync(string bucket, string name, string fields = "{}")
    {
        using var response = await SendAsync(HttpMethod.Post, $"/upload/storage/v1/b/{bucket}/o?uploadType=resumable&name={Uri.EscapeDataString(name)}", fields);
        return response.EnsureSuccessStatusCode().Headers.Location!.PathAndQuery;
    }

    /// <summary>Sends a piece of a session, or asks for its status when <paramref name="bytes"/> is null.</summary>
    public Task<HttpResponseMessage> PieceAsync(string session, byte[]? bytes, long from, long? total)
    {
        var content = new ByteArrayContent(bytes ?? []);
        content.Headers.TryAddWithoutValidation("Content-Range", bytes is null ? $"bytes */{total?.ToString() ?? "*"}" : $"bytes {from}-{from + bytes.Length - 1}/{total?.ToString() ?? "*"}");
        return SendAsync(HttpMethod.Put, session, content);
    }

    public void Dispose() => http.Dispose();
}
