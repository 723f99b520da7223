using Xunit;

namespace Etl.Connectors.Sftp.Tests;

public sealed class KnownHostsTests
{
    private const string Key = "AAAAC3NzaC1lZDI1NTE5AAAAIO+cIAbkBpONUcFAuSKqC+xTlzbOVFAtvY8o7eE2tOvP";

    // The example of the format's description: 192.168.1.61.
    private const string Hashed = "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=";

    [Theory]
    [InlineData("example.org ssh-ed25519 KEY", "example.org", 22, true)]
    [InlineData("a.org,EXAMPLE.org ssh-ed25519 KEY a comment", "example.org", 22, true)]
    [InlineData("*.org,!example.org ssh-ed25519 KEY", "example.org", 22, false)]
    [InlineData("*.org ssh-ed25519 KEY", "example.org", 22, true)]
    [InlineData("example.org ssh-ed25519 KEY", "example.org", 2222, false)]
    [InlineData("[example.org]:2222 ssh-ed25519 KEY", "example.org", 2222, true)]
    [InlineData("@cert-authority example.org ssh-ed25519 KEY", "example.org", 22, false)]
    [InlineData("example.org ssh-ed25519 KEY\n@revoked * ssh-ed25519 KEY", "example.org", 22, false)]
    [InlineData("# example.org ssh-ed25519 KEY\n\nexample.org", "example.org", 22, false)]
    [InlineData("example.org ssh-ed25519 not-base64", "example.org", 22, false)]
    [InlineData("|1|F1E1|x= ssh-ed25519 KEY", "example.org", 22, false)]
    [InlineData(Hashed + " ssh-ed25519 KEY", "192.168.1.61", 22, true)]
    [InlineData(Hashed + " ssh-ed25519 KEY", "192.168.1.62", 22, false)]
    public void AServersKeysAreFound(string file, string host, int port, bool isThere)
    {
        var found = KnownHosts.Find(file.Replace("KEY", Key, StringComparison.Ordinal).Split('\n'), host, port);

        Assert.Equal(isThere ? [("ssh-ed25519", "SHA256:+bXAu1fZH0zvi0iinG8R1oGKsA6EAMXR9CAlQYlxkeE")] : [], found);
    }
}
