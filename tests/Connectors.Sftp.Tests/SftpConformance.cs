using Etl.Core.Contracts;
using Etl.Testing;
using Etl.TestSupport;
using Xunit;

[assembly: AssemblyFixture(typeof(SshServer))]

namespace Etl.Connectors.Sftp.Tests;

/// <summary>A folder of this machine, by OpenSSH's server.</summary>
public sealed class SftpConformance(SshServer server) : SourceConformance
{
    private int changes;
    private SftpSource? source;

    protected override Type OptionsType => typeof(SftpSourceOptions);

    protected override IReadOnlyList<string> Secrets => [SshServer.Passphrase];

    public override async ValueTask InitializeAsync()
    {
        await server.StartAsync();
        Directory.CreateDirectory(Path.Combine(Folder.Path, "out"));
    }

    // One for the test: signing in takes longer than the rest.
    protected override ISource CreateSource() => source ??= Own(new SftpSource(
        new SftpSourceOptions { Host = "127.0.0.1", Port = server.Port, User = SshServer.User, KeyFile = server.EncryptedKeyFile, Passphrase = Secret.Parse(SshServer.Passphrase, null), KnownHosts = server.KnownHosts, Folder = Path.Combine(Folder.Path, "out") }, Context));

    // The protocol counts seconds.
    protected override Task PutAsync(string name, byte[] content)
    {
        File.SetLastWriteTimeUtc(Folder.File("out/" + name, content), DateTime.UnixEpoch.AddSeconds(++changes));
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync(string name)
    {
        File.Delete(Path.Combine(Folder.Path, "out", name));
        return Task.CompletedTask;
    }
}
