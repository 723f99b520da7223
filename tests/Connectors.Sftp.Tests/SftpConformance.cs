using Etl.Core.Contracts;
using Etl.TestSupport;
using Xunit;

[assembly: AssemblyFixture(typeof(SshServer))]

namespace Etl.Connectors.Sftp.Tests;

/// <summary>By OpenSSH's server and a key.</summary>
public sealed class SftpConformance(SshServer server) : ServedFolderConformance
{
    protected override IReadOnlyList<string> Secrets => [SshServer.Passphrase];

    protected override SftpSourceOptions Options => new()
    {
        Host = "127.0.0.1",
        Port = server.Port,
        User = SshServer.User,
        KeyFile = server.EncryptedKeyFile,
        Passphrase = Secret.Parse(SshServer.Passphrase, null),
        KnownHosts = server.KnownHosts,
        Folder = Served,
    };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await server.StartAsync();
    }
}
