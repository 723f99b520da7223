using System.Text.Json.Nodes;
using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>The local cloud, driven by clients that others wrote: it is not tuned to ours.</summary>
public sealed class OtherClientsTests : IAsyncLifetime
{
    private readonly Workspace workspace = new();
    private LocalCloudProcess? cloud;

    public async ValueTask InitializeAsync() => cloud = await LocalCloudProcess.StartAsync(workspace);

    public async ValueTask DisposeAsync()
    {
        if (cloud is not null) await cloud.DisposeAsync();
        workspace.Dispose();
    }

    [Fact]
    public async Task GooglesNodeClientsSignInAndStoreAndLoadAndQuery()
    {
        var answer = await NodeAsync("google.mjs");

        Assert.Equal("""{"bytes":23792,"files":["in/people.csv"],"refused":412,"loaded":"1000","rows":"1000","n":1000,"total":499500,"duplicate":409}""", answer.ToJsonString());
    }

    [Fact]
    public async Task AwssNodeClientListsPagesAndReadsRanges()
    {
        var answer = await NodeAsync("s3.mjs");

        Assert.Equal(["in/ファイル 0.csv", "in/ファイル 1.csv", "in/ファイル 2.csv", "in/ファイル 3.csv", "in/ファイル 4.csv"], answer["keys"]!.AsArray().Select(k => k!.GetValue<string>()));
        Assert.Equal("4,2", answer["part"]!.GetValue<string>());
        Assert.Equal(412, answer["changed"]!.GetValue<int>());
        Assert.Equal("SignatureDoesNotMatch", answer["denied"]!.GetValue<string>());
    }

    [Fact]
    public async Task TheAwsCommandLineCopiesAFileThereAndBackInParts()
    {
        var aws = OutsideProgram.Require("aws");
        var bytes = new byte[20 << 20];
        new Random(1).NextBytes(bytes);
        var file = workspace.Write("big.bin", bytes);

        await SucceedAsync(aws, "s3", "mb", "s3://cli-bucket");
        await SucceedAsync(aws, "s3", "cp", file, "s3://cli-bucket/folder/big.bin", "--no-progress");
        var listed = await SucceedAsync(aws, "s3", "ls", "s3://cli-bucket/folder/");
        await SucceedAsync(aws, "s3", "cp", "s3://cli-bucket/folder/big.bin", workspace.PathOf("back.bin"), "--no-progress");
        var identity = await SucceedAsync(aws, "sts", "get-caller-identity");

        Assert.Contains("20971520 big.bin", listed.Output, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(workspace.PathOf("back.bin")));
        Assert.Contains(":assumed-role/", identity.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RcloneCopiesFromS3ToCloudStorage()
    {
        var rclone = OutsideProgram.Require("rclone");
        var token = (await NodeAsync("token.mjs"))["token"]!.GetValue<string>();
        WriteRcloneRemotes(token);
        var folder = workspace.PathOf("tree");
        workspace.Write("tree/a.csv", "a,b\n1,2\n");
        workspace.Write("tree/深い/b.csv", string.Concat(Enumerable.Repeat("3,4\n", 100_000)));

        await SucceedAsync(rclone, "mkdir", "s3:rclone-source");
        await SucceedAsync(rclone, "copy", folder, "s3:rclone-source/tree");
        await SucceedAsync(rclone, "mkdir", "gcs:rclone-target");
        await SucceedAsync(rclone, "copy", "s3:rclone-source", "gcs:rclone-target");
        var check = await SucceedAsync(rclone, "check", folder, "gcs:rclone-target/tree", "--download");

        Assert.Contains("0 differences found", check.Error, StringComparison.Ordinal);
        Assert.Contains("2 matching files", check.Error, StringComparison.Ordinal);
    }

    private void WriteRcloneRemotes(string token) => workspace.Environment["RCLONE_CONFIG"] = workspace.Write("rclone.conf", $"""
        [s3]
        type = s3
        provider = Minio
        env_auth = true
        endpoint = {cloud!.Environment["AWS_ENDPOINT_URL_S3"]}
        region = {cloud.Environment["AWS_REGION"]}

        [gcs]
        type = google cloud storage
        endpoint = {cloud.Environment["STORAGE_EMULATOR_HOST"]}/storage/v1/
        token = {new JsonObject { ["access_token"] = token, ["token_type"] = "Bearer", ["expiry"] = "2099-01-01T00:00:00Z" }.ToJsonString()}
        project_number = 1
        bucket_policy_only = true
        """);

    private async Task<JsonNode> NodeAsync(string script)
    {
        var node = OutsideProgram.Require("node");
        var clients = Repository.PathOf("tests", "Acceptance", "clients");
        OutsideProgram.RequireFile(Path.Combine(clients, "node_modules"), "run npm ci in tests/Acceptance/clients");
        var finished = await SucceedAsync(node, Path.Combine(clients, script));
        return JsonNode.Parse(finished.Output)!;
    }

    private async Task<Finished> SucceedAsync(string program, params string[] arguments)
    {
        var finished = await workspace.RunAsync(program, arguments);
        Assert.True(finished.ExitCode == 0, $"{Path.GetFileName(program)} {string.Join(' ', arguments)}\n{finished}");
        return finished;
    }
}
