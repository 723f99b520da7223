using System.Text.Json.Nodes;
using Etl.LocalCloud.Host;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Gcs;

/// <summary>A request to Cloud Storage, its path taken apart.</summary>
/// <param name="Context">The HTTP request.</param>
/// <param name="Bucket">The bucket, or empty.</param>
/// <param name="Name">The object, or empty.</param>
/// <param name="Rest">What follows the object in the path, decoded: <c>rewriteTo</c>, <c>b</c>, bucket, <c>o</c>, object.</param>
internal sealed record GcsRequest(HttpContext Context, string Bucket, string Name, IReadOnlyList<string> Rest)
{
    /// <summary>Who asks; nobody for the rest of an upload, whose URI is the credential.</summary>
    public GoogleIdentity Caller { get; init; } = new("anonymous", []);

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

    /// <summary>The text of a field, or null when it is not there.</summary>
    /// <exception cref="GcsRefusedException">It is there and is no text.</exception>
    public static string? TextOf(JsonObject fields, string name) => fields[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw new GcsRefusedException(400, "invalid", $"Invalid value for {name}: text is expected."),
    };

    private static JsonObject Checked(JsonObject? body) => body ?? throw new GcsRefusedException(400, "parseError", "Parse Error");
}
