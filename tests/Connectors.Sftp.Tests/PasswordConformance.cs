using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.TestSupport;
using Xunit;

namespace Etl.Connectors.Sftp.Tests;

/// <summary>By AsyncSSH's server and a password.</summary>
public abstract class PasswordConformance(bool dialogue) : ServedFolderConformance
{
    private PasswordSshServer server = null!;

    protected override IReadOnlyList<string> Secrets => [PasswordSshServer.Password];

    protected override SftpSourceOptions Options => new()
    {
        Host = "127.0.0.1",
        Port = server.Port,
        User = PasswordSshServer.User,
        Password = Secret.Parse(PasswordSshServer.Password, null),
        HostKey = server.Fingerprint,
        Folder = Served,
    };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        server = Own(await PasswordSshServer.StartAsync(dialogue));
    }

    [Fact]
    public async Task AnotherPasswordIsRefusedAndNotShown()
    {
        using var wrong = new SftpSource(Options with { Password = Secret.Parse("hunter2", null) }, Context);

        var error = await Assert.ThrowsAsync<ServiceException>(async () => await wrong.ListAsync(Cancel).ToListAsync(Cancel));

        Assert.Contains($"does not let {PasswordSshServer.User} sign in with this password", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }
}

public sealed class PasswordAtOnceConformance() : PasswordConformance(dialogue: false);

public sealed class PasswordInADialogueConformance() : PasswordConformance(dialogue: true);
