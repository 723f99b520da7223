using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Etl.LocalCloud;
using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>Google's own client and Etl, given the same credentials file and the same AWS credentials, send the same requests.</summary>
public sealed partial class OfficialClientTests : IDisposable
{
    private readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(1200)]
    public async Task OurSignInDiffersFromGooglesClientInDateAndSignatureAlone(int? lifetime)
    {
        var node = OutsideProgram.Require("node");
        var clients = Repository.PathOf("tests", "Acceptance", "clients");
        OutsideProgram.RequireFile(Path.Combine(clients, "node_modules"), "run npm ci in tests/Acceptance/clients");
        await using var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = workspace.PathOf("cloud") }, default);
        foreach (var (name, value) in cloud.Environment) workspace.Environment[name] = value;
        if (lifetime is not null)
        {
            var file = JsonNode.Parse(await File.ReadAllTextAsync(cloud.CredentialsFile))!;
            file["service_account_impersonation"] = new JsonObject { ["token_lifetime_seconds"] = lifetime };
            await File.WriteAllTextAsync(cloud.CredentialsFile, file.ToJsonString());
        }

        var (proxy, credentials) = await RecordingProxy.StartAsync(cloud.CredentialsFile);
        await using var recording = proxy;
        workspace.Environment["GOOGLE_WIF_CONFIG"] = credentials;

        var theirs = await workspace.RunAsync(node, Path.Combine(clients, "token.mjs"));
        Assert.True(theirs.ExitCode == 0, theirs.ToString());
        await workspace.SucceedAsync("query", "SELECT 1", "--project", "local-project");

        Assert.Equal(4, proxy.Requests.Count);
        var (google, etl) = (proxy.Requests.Take(2).ToArray(), proxy.Requests.Skip(2).ToArray());
        Assert.Equal(Described(google[0]), Described(etl[0]));
        Assert.Equal(Fields(google[0]), Fields(etl[0]));
        Assert.Equal(Proof(google[0]), Proof(etl[0]));
        // Ours signs the target too, as Google recommends: https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token
        Assert.Equal(SignedHeaders(google[0]).Append("x-goog-cloud-target-resource"), SignedHeaders(etl[0]));
        Assert.Equal(Described(google[1]), Described(etl[1]));
        Assert.Equal(Body(google[1]), Body(etl[1]));
    }

    // What the libraries say of themselves (user-agent, x-goog-api-client) and how they transfer is not part of the format.
    private static string Described(RecordedRequest request) =>
        $"{request.Method} {request.Path} {request.Headers["content-type"].Split(';')[0]} {Bearer().Replace(request.Headers.GetValueOrDefault("authorization", "no authorization"), "Bearer TOKEN")}";

    private static string[] Fields(RecordedRequest exchange) =>
        [.. exchange.Form.Where(f => f.Key != "subject_token").Select(f => $"{f.Key}={f.Value}").Order(StringComparer.Ordinal)];

    private static string Proof(RecordedRequest exchange)
    {
        var token = Token(exchange);
        Assert.Equal(["headers", "method", "url"], token.Select(t => t.Key).Order(StringComparer.Ordinal));
        var headers = token["headers"]!.AsArray().Select(h => (Key: (string)h!["key"]!, Value: (string)h["value"]!)).OrderBy(h => h.Key, StringComparer.Ordinal)
            .Select(h => h.Key switch
            {
                "x-amz-date" => $"{h.Key}: {Digits().Replace(h.Value, "0")}",
                "authorization" => $"{h.Key}: {Signed().Replace(h.Value, "Credential=$1/DATE/$2/aws4_request")}",
                _ => $"{h.Key}: {h.Value}",
            });
        return $"{token["method"]} {new Uri((string)token["url"]!)}\n{string.Join('\n', headers)}";
    }

    private static JsonObject Token(RecordedRequest exchange) => JsonNode.Parse(Uri.UnescapeDataString(exchange.Form.Single(f => f.Key == "subject_token").Value))!.AsObject();

    private static string[] SignedHeaders(RecordedRequest exchange)
    {
        var authorization = Token(exchange)["headers"]!.AsArray().Single(h => (string)h!["key"]! == "authorization")!["value"]!.GetValue<string>();
        return Signed().Match(authorization).Groups[3].Value.Split(';');
    }

    private static string Body(RecordedRequest request) =>
        string.Join('\n', JsonNode.Parse(request.Body)!.AsObject().OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}: {p.Value!.ToJsonString()}"));

    [GeneratedRegex("^Bearer ya29.*$")]
    private static partial Regex Bearer();

    [GeneratedRegex(@"\d")]
    private static partial Regex Digits();

    [GeneratedRegex(@"Credential=(\w+)/\d{8}/([^/]+/[^/]+)/aws4_request, SignedHeaders=([^,]+), Signature=[0-9a-f]{64}$")]
    private static partial Regex Signed();
}
