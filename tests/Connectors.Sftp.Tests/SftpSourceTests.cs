using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.TestSupport;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Sftp.Tests;

public sealed class SftpSourceTests(SshServer server) : IAsyncLifetime
{
    private const string OtherKey = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private readonly TestFolder folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await server.StartAsync();

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task FilesAreChosenByTheirPathsInTheFolder()
    {
        foreach (var name in new[] { "a.csv", "b.txt", "in/c.csv", "in/deep/d.csv" }) folder.File(name, "1");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "again"), folder.Path);

        Assert.Equal(["a.csv"], await NamesAsync("*.csv"));
        Assert.Equal(["a.csv", "in/c.csv", "in/deep/d.csv"], await NamesAsync("**/*.csv"));
        Assert.Equal(["in/c.csv"], await NamesAsync("in/*"));
        Assert.Equal(["a.csv", "b.txt", "in/c.csv", "in/deep/d.csv"], await NamesAsync(null));
    }

    [Fact]
    public async Task AServerWithAnotherKeyIsRefusedAndItsFingerprintShown()
    {
        var error = await RefusedAsync(Options() with { HostKey = OtherKey });

        Assert.Contains("127.0.0.1 shows another key (", error.Message, StringComparison.Ordinal);
        Assert.Contains("Its fingerprint is SHA256:", error.Message, StringComparison.Ordinal);
        Assert.False(error.Transient);
        // What it shows can be put under host_key.
        using var trusting = new SftpSource(Options() with { HostKey = error.Message.Split("fingerprint is ")[1][..50] }, folder.Context);
        Assert.Empty(await trusting.ListAsync(Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task AServerIsKnownByAFile()
    {
        using var known = new SftpSource(Options() with { HostKey = null, KnownHosts = server.KnownHosts }, folder.Context);
        var empty = folder.File("known", "example.org ssh-ed25519 AAAA\n");
        var wrong = folder.File("wrong", (await File.ReadAllTextAsync(server.KnownHosts, Cancel)).Replace("AAAAC3NzaC1lZDI1NTE5AAAAI", "AAAAC3NzaC1lZDI1NTE5AAAAJ", StringComparison.Ordinal));

        Assert.Equal(2, (await known.ListAsync(Cancel).ToListAsync(Cancel)).Count);
        Assert.Contains("does not have 127.0.0.1 with port", (await RefusedAsync(Options() with { HostKey = null, KnownHosts = empty })).Message, StringComparison.Ordinal);
        Assert.Contains("than the one that known_hosts has", (await RefusedAsync(Options() with { HostKey = null, KnownHosts = wrong })).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", (await RefusedAsync(Options() with { HostKey = null, KnownHosts = "nothing" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoMayNotSignInIsTold()
    {
        var options = Options();

        Assert.Contains($"does not let {SshServer.User} sign in with the key of", (await RefusedAsync(options with { KeyFile = server.StrangeKeyFile })).Message, StringComparison.Ordinal);
        Assert.Contains("sign in with this password", (await RefusedAsync(options with { KeyFile = null, Password = Secret.Parse("hunter2", null) })).Message, StringComparison.Ordinal);
        Assert.Contains("is encrypted. Give its passphrase", (await RefusedAsync(options with { KeyFile = server.EncryptedKeyFile })).Message, StringComparison.Ordinal);
        Assert.Contains("or the passphrase is not its own", (await RefusedAsync(options with { KeyFile = server.EncryptedKeyFile, Passphrase = Secret.Parse("wrong", null) })).Message, StringComparison.Ordinal);
        Assert.Contains("holds no private key", (await RefusedAsync(options with { KeyFile = folder.File("key", "no key") })).Message, StringComparison.Ordinal);
        Assert.Contains("The key file cannot be read", (await RefusedAsync(options with { KeyFile = "nothing" })).Message, StringComparison.Ordinal);
        Assert.True((await RefusedAsync(options with { Port = 1 })).Transient);
        Assert.Contains("There is no sftp://127.0.0.1", (await RefusedAsync(options with { Folder = "/no/such/folder" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenNothingMatchesThatMayBeAnError()
    {
        using var source = new SftpSource(Options() with { Pattern = "*.csv", Required = true }, folder.Context);

        Assert.Contains("No file in sftp://127.0.0.1", (await Assert.ThrowsAsync<DataException>(async () => await source.ListAsync(Cancel).ToListAsync(Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AConnectionThatBreaksInTheMiddleIsMadeAgain()
    {
        var content = new byte[20 << 20];
        new Random(1).NextBytes(content);
        folder.File("a.bin", content);
        // One of its own: connections of other tests must stay.
        await using var breaking = await new SshServer().StartAsync();
        using var source = new SftpSource(Options() with { Port = breaking.Port, KeyFile = breaking.KeyFile, HostKey = breaking.Fingerprint }, folder.Context);
        var found = Assert.Single(await source.ListAsync(Cancel).ToListAsync(Cancel));
        var start = new byte[1000];
        await using var stream = await source.OpenAsync(found, ByteRange.All, Cancel);
        await stream.ReadExactlyAsync(start, Cancel);

        await breaking.BreakConnectionsAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(Stream.Null, Cancel));
        await using var rest = await source.OpenAsync(found, new ByteRange(start.Length), Cancel);
        var read = new MemoryStream();
        await rest.CopyToAsync(read, Cancel);

        Assert.Equal<byte[]>(content, [.. start, .. read.ToArray()]);
    }

    [Theory]
    [InlineData(null, null, "key", null, null, "ssh-keyscan -p 22 example.org | ssh-keygen -lf -")]
    [InlineData(OtherKey, "known_hosts", "key", null, null, "either host_key or known_hosts")]
    [InlineData(OtherKey, null, null, null, null, "either a password or a key_file")]
    [InlineData(OtherKey, null, "key", "secret", null, "either a password or a key_file")]
    [InlineData(OtherKey, null, null, "secret", "secret", "passphrase goes with key_file")]
    public void OptionsThatCannotWorkAreRefused(string? hostKey, string? knownHosts, string? keyFile, string? password, string? passphrase, string expected)
    {
        var options = new SftpSourceOptions
        {
            Host = "example.org", User = "u", HostKey = hostKey, KnownHosts = knownHosts, KeyFile = keyFile, Password = password is null ? null : Secret.Parse(password, null), Passphrase = passphrase is null ? null : Secret.Parse(passphrase, null),
        };

        Assert.Contains(expected, Assert.Single(options.Validate(new ValidationContext(options))).ErrorMessage, StringComparison.Ordinal);
    }

    private SftpSourceOptions Options() => new() { Host = "127.0.0.1", Port = server.Port, User = SshServer.User, KeyFile = server.KeyFile, HostKey = server.Fingerprint, Folder = folder.Path };

    private async Task<List<string>> NamesAsync(string? pattern)
    {
        using var source = new SftpSource(Options() with { Pattern = pattern }, folder.Context);
        return await source.ListAsync(Cancel).Select(o => o.Uri[$"sftp://127.0.0.1:{server.Port}{folder.Path}/".Length..]).ToListAsync(Cancel);
    }

    private async Task<ServiceException> RefusedAsync(SftpSourceOptions options)
    {
        using var source = new SftpSource(options, folder.Context);
        return await Assert.ThrowsAsync<ServiceException>(async () => await source.ListAsync(Cancel).ToListAsync(Cancel));
    }
}
