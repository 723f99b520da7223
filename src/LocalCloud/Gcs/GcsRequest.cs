using System.Text.Json.Nodes;
using Etl.LocalCloud.Host;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Gcs;

/// <summary>A request to Cloud Storage, its path taken apart.</summary>
/// <param name="Context">The HTTP request.</param>
/// <param name="Bucket">The bucket, or empty.</param>
/// <param name="Name">The object, or empty.</param>
/// <param name="Rest">What follows the object in the path, decoded: <c>rewriteTo</c>, <c>b</c>, bucket, <c>o</c>, object.</param>
internal sealed record GcsRequest(HttpContext Context, string Bucket, string Name, IReadOnlyList<string> Rest)
{
    public CancellationToken Cancel => Context.RequestAborted;

    public IQueryCollection Query => Context.Request.Query;

    public string Origin => $"{Context.Request.Scheme}://{Context.Request.Host}";

    /// <summary>Answers with a resource.</summary>
    public Task AnswerAsync(JsonObject resource)
    {
        Context.Response.ContentType = "application/json; charset=UTF-8";
        return Context.Response.WriteAsync(resource.ToJsonString(), Cancel);
    }

    /// <summary>The JSON body; an empty one is an empty object.</summary>
    public async Task<JsonObject> BodyAsync() => Checked(await JsonBody.ReadAsync(Context).ConfigureAwait(false));

    /// <summary>A JSON object.</summary>
    public static JsonObject Parse(string text) => Checked(JsonBody.Parse(text));

    private static JsonObject Checked(JsonObject? body) => body ?? throw new GcsRefusedException(400, "parseError", "Parse Error");
}
