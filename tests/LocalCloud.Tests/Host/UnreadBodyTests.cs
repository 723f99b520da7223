using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Etl.LocalCloud.Tests.Host;

/// <summary>A request refused before its body was read must not spoil what the client sends next.</summary>
public sealed class UnreadBodyTests(LocalCloudFixture fixture) : IClassFixture<LocalCloudFixture>
{
    [Theory]
    [InlineData(100, false)]
    [InlineData(100_000, false)]
    [InlineData(1_000_000, true)]
    public async Task AfterARefusalTheConnectionIsCleanOrClosed(int length, bool closed)
    {
        foreach (var service in new[] { fixture.Server.Endpoints.S3, fixture.Server.Endpoints.CloudStorage })
        {
            using var client = new TcpClient();
            await client.ConnectAsync(service.Host, service.Port);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"PUT /bucket/key HTTP/1.1\r\nHost: {service.Authority}\r\nContent-Length: {length}\r\n\r\n"));
            await stream.WriteAsync(new byte[length]);

            var first = await HeadAsync(stream);

            Assert.Matches("^HTTP/1.1 40[13] ", first);
            Assert.Equal(closed, first.Contains("Connection: close", StringComparison.OrdinalIgnoreCase));
            if (closed) continue;
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /bucket/key HTTP/1.1\r\nHost: {service.Authority}\r\n\r\n"));
            Assert.Matches("^HTTP/1.1 40[13] ", await HeadAsync(stream));
        }
    }

    [Fact]
    public async Task AClientThatWaitsForLeaveToSendIsToldThatTheConnectionCloses()
    {
        var service = fixture.Server.Endpoints.CloudStorage;
        using var client = new TcpClient();
        await client.ConnectAsync(service.Host, service.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /upload/storage/v1/b/bucket/o HTTP/1.1\r\nHost: {service.Authority}\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n"));

        var head = await HeadAsync(stream);

        Assert.StartsWith("HTTP/1.1 401 ", head, StringComparison.Ordinal);
        Assert.Contains("Connection: close", head, StringComparison.OrdinalIgnoreCase);
    }

    // The head of an answer; its body is read away.
    private static async Task<string> HeadAsync(NetworkStream stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.Equal(1, await stream.ReadAsync(one, limit.Token));
            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n");
        if (lines.FirstOrDefault(l => l.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase)) is { } length)
            await stream.ReadExactlyAsync(new byte[int.Parse(length[16..])], limit.Token);
        else if (lines.Contains("Transfer-Encoding: chunked"))
            for (var body = ""; !body.EndsWith("0\r\n\r\n", StringComparison.Ordinal); body += (char)one[0])
                await stream.ReadExactlyAsync(one, limit.Token);
        return head.ToString();
    }
}
