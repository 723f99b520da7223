using System.Net;
using System.Net.Sockets;
using System.Text;
using Google;
using Google.Cloud.Storage.V1;
using Xunit;

namespace Etl.LocalCloud.Tests.Gcs;

/// <summary>Uploads by Google's client, and what becomes of those that go wrong.</summary>
public sealed class GcsUploadTests(LocalCloudFixture fixture) : IClassFixture<LocalCloudFixture>
{
    private const string Bucket = "uploads";

    [Fact]
    public async Task AResumableUploadComesInChunks()
    {
        using var gcs = await fixture.GcsAsync();
        var bytes = Bytes(3 * UploadObjectOptions.MinimumChunkSize + 17);
        var before = fixture.Server.Requests.Count;

        var written = await gcs.UploadObjectAsync(Bucket, "chunks", "application/x-test", new MemoryStream(bytes), new UploadObjectOptions { ChunkSize = UploadObjectOptions.MinimumChunkSize });

        Assert.Equal(((ulong)bytes.Length, "application/x-test"), (written.Size!.Value, written.ContentType));
        Assert.Equal(4, fixture.Server.Requests.Skip(before).Count(r => r.Method == "PUT"));
        var back = await DownloadAsync(gcs, "chunks");
        Assert.True(bytes.AsSpan().SequenceEqual(back));
    }

    [Fact]
    public async Task AnInterruptedSessionGoesOnFromWhatArrived()
    {
        using var http = await GcsHttp.OpenAsync(fixture);
        using var gcs = await fixture.GcsAsync();
        var bytes = Bytes(600_000);
        var session = await http.SessionAsync(Bucket, "resumed");
        using (var first = await http.PieceAsync(session, bytes[..262_144], 0, bytes.Length)) Assert.Equal(308, (int)first.StatusCode);
        await BreakOffAsync(session, bytes[262_144..400_000], 262_144, bytes.Length);

        using var status = await http.PieceAsync(session, null, 0, bytes.Length);
        var range = status.Headers.GetValues("Range").Single();
        var kept = int.Parse(range["bytes=0-".Length..]) + 1;
        using var rest = await http.PieceAsync(session, bytes[kept..], kept, bytes.Length);
        using var again = await http.PieceAsync(session, null, 0, bytes.Length);

        Assert.Equal(308, (int)status.StatusCode);
        Assert.InRange(kept, 262_144, 400_000);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (rest.StatusCode, again.StatusCode));
        var back = await DownloadAsync(gcs, "resumed");
        Assert.True(bytes.AsSpan().SequenceEqual(back));
    }

    [Fact]
    public async Task AnObjectIsCreatedOnlyOnce()
    {
        using var gcs = await fixture.GcsAsync();
        var createOnly = new UploadObjectOptions { IfGenerationMatch = 0 };
        await gcs.UploadObjectAsync(Bucket, "once", null, new MemoryStream([1]), createOnly);

        var error = await Assert.ThrowsAsync<GoogleApiException>(() => gcs.UploadObjectAsync(Bucket, "once", null, new MemoryStream([2]), createOnly));

        Assert.Equal(HttpStatusCode.PreconditionFailed, error.HttpStatusCode);
        Assert.Equal([1], await DownloadAsync(gcs, "once"));
    }

    [Theory]
    [InlineData("media")]
    [InlineData("resumable")]
    public async Task OfManyWhoCreateAtOnceOneWins(string type)
    {
        using var http = await GcsHttp.OpenAsync(fixture);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            if (type == "media") return (await http.SendAsync(HttpMethod.Post, $"/upload/storage/v1/b/{Bucket}/o?uploadType=media&name=race-{type}&ifGenerationMatch=0", $"{n}")).StatusCode;
            using var opened = await http.SendAsync(HttpMethod.Post, $"/upload/storage/v1/b/{Bucket}/o?uploadType=resumable&name=race-{type}&ifGenerationMatch=0", "{}");
            return opened.IsSuccessStatusCode ? (await http.PieceAsync(opened.Headers.Location!.PathAndQuery, [(byte)n], 0, 1)).StatusCode : opened.StatusCode;
        }));

        Assert.Single(answers, HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(a => a == HttpStatusCode.PreconditionFailed));
        Assert.Empty(Leftovers());
    }

    [Fact]
    public async Task BytesWithAWrongChecksumAreRefusedAndNothingIsKept()
    {
        using var http = await GcsHttp.OpenAsync(fixture);
        using var gcs = await fixture.GcsAsync();
        var session = await http.SessionAsync(Bucket, "wrong", """{"crc32c":"AAAAAA=="}""");

        using var refused = await http.PieceAsync(session, [1, 2, 3], 0, 3);
        var error = await Assert.ThrowsAsync<GoogleApiException>(() => gcs.UploadObjectAsync(
            new Google.Apis.Storage.v1.Data.Object { Bucket = Bucket, Name = "wrong", Crc32c = "AAAAAA==" }, new MemoryStream([1, 2, 3]), new UploadObjectOptions { UploadValidationMode = UploadValidationMode.None }));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (refused.StatusCode, error.HttpStatusCode));
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<GoogleApiException>(() => gcs.GetObjectAsync(Bucket, "wrong"))).HttpStatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PieceAsync(session, null, 0, 3)).StatusCode);
        Assert.Empty(Leftovers());
    }

    [Fact]
    public async Task AnAbortedUploadLeavesNoFile()
    {
        await BreakOffAsync($"/upload/storage/v1/b/{Bucket}/o?uploadType=media&name=aborted", new byte[1000], 0, 100_000);

        for (var tries = 0; Leftovers().Length > 0 && tries < 100; tries++) await Task.Delay(50, TestContext.Current.CancellationToken);

        Assert.Contains(fixture.Server.Requests, r => r.Path == $"/upload/storage/v1/b/{Bucket}/o" && r.Method == "PUT");
        Assert.Empty(Leftovers());
    }

    // Announces more than it sends, then breaks the connection.
    private async Task BreakOffAsync(string target, byte[] sent, int from, int total)
    {
        var token = await fixture.SignIn.TokenAsync();
        var address = fixture.Server.Endpoints.CloudStorage;
        var before = fixture.Server.Requests.Count;
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(address.Host, address.Port);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"PUT {target} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {token}\r\nContent-Range: bytes {from}-{total - 1}/{total}\r\nContent-Length: {total - from}\r\n\r\n"));
            await stream.WriteAsync(sent);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        for (var tries = 0; fixture.Server.Requests.Count == before && tries < 100; tries++) await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    private string[] Leftovers() => Directory.GetFiles(Path.Combine(fixture.Folder, "data", "gcs", ".uploads"));

    private static async Task<byte[]> DownloadAsync(StorageClient gcs, string name)
    {
        var back = new MemoryStream();
        await gcs.DownloadObjectAsync(Bucket, name, back);
        return back.ToArray();
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(11).NextBytes(bytes);
        return bytes;
    }
}
