using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Testing;
using Etl.TestSupport;
using Xunit;

namespace Etl.Connectors.Sftp.Tests;

/// <summary>A folder of this machine, by AsyncSSH's server and a password.</summary>
public abstract class PasswordConformance(bool dialogue) : SourceConformance
{
    private int changes;
    private PasswordSshServer server = null!;
    private SftpSource? source;

    protected override Type OptionsType => typeof(SftpSourceOptions);

    protected override IReadOnlyList<string> Secrets => [PasswordSshServer.Password];

    private SftpSourceOptions Options => new()
    {
        Host = "127.0.0.1",
        Port = server.Port,
        User = PasswordSshServer.User,
        Password = Secret.Parse(PasswordSshServer.Password, null),
        HostKey = server.Fingerprint,
        Folder = Path.Combine(Folder.Path, "out"),
    };

    public override async ValueTask InitializeAsync()
    {
        server = Own(await PasswordSshServer.StartAsync(dialogue));
        Directory.CreateDirectory(Path.Combine(Folder.Path, "out"));
    }

    [Fact]
    public async Task AnotherPasswordIsRefusedAndNotShown()
    {
        using var wrong = new SftpSource(Options with { Password = Secret.Parse("hunter2", null) }, Context);

        var error = await Assert.ThrowsAsync<ServiceException>(async () => await wrong.ListAsync(Cancel).ToListAsync(Cancel));

        Assert.Contains($"does not let {PasswordSshServer.User} sign in with this password", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    protected override ISource CreateSource() => source ??= Own(new SftpSource(Options, Context));

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

public sealed class PasswordAtOnceConformance() : PasswordConformance(dialogue: false);

public sealed class PasswordInADialogueConformance() : PasswordConformance(dialogue: true);
