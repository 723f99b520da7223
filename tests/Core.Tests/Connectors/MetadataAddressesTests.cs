using Etl.Core.Connectors;
using Etl.Core.Errors;
using Xunit;

namespace Etl.Core.Tests.Connectors;

public sealed class MetadataAddressesTests
{
    [Theory]
    [InlineData("http://169.254.169.254/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://169.254.170.2/v2/credentials/x")]
    [InlineData("http://169.254.170.23/v1/credentials")]
    [InlineData("http://[fd00:ec2::23]/v1/credentials")]
    [InlineData("http://localhost:1338/latest/meta-data/container/security-credentials")]
    [InlineData("http://127.0.0.1:9001/2021-01-01/credentials")]
    [InlineData("http://[fd00:ec2:0:0:0:0:0:254]/latest")]
    [InlineData("http://[::1]:1338/")]
    [InlineData("metadata.google.internal")]
    [InlineData("169.254.169.254:80")]
    public void TheKnownAddressesAndLoopbackAreAsked(string address) => MetadataAddresses.Check("X", address);

    [Theory]
    [InlineData("http://169.254.169.253/")]
    [InlineData("http://169.254.169.254.evil.example/")]
    [InlineData("http://169.254.169.254@evil.example/")]
    [InlineData("https://evil.example/credentials")]
    [InlineData("evil.example:80")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://169.254.169.254./")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://[fd00:ec2::253]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://localhost.evil.example/")]
    [InlineData("http://metadata.google.internal.evil.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("file://localhost/etc/passwd")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("evil.example:80/?://")]
    [InlineData("not a url at all")]
    public void AnyOtherPlaceIsRefusedByName(string address)
    {
        var error = Assert.Throws<ServiceException>(() => MetadataAddresses.Check(n => n == "AWS_CONTAINER_CREDENTIALS_FULL_URI" ? address : null));
        Assert.StartsWith("AWS_CONTAINER_CREDENTIALS_FULL_URI names", error.Message);
        Assert.False(error.Transient);
    }

    [Fact]
    public void AnAddressIsNotRepeatedWithWhatItMayCarry()
    {
        var error = Assert.Throws<ServiceException>(() => MetadataAddresses.Check("X", "http://user:canary@evil.example/?token=canary"));
        Assert.Contains("evil.example", error.Message);
        Assert.DoesNotContain("canary", error.Message);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("169.254.169.254@evil.example")]
    [InlineData("http://127.0.0.1:80")]
    public void GooglesMetadataHostIsAHostAlone(string host)
    {
        var error = Assert.Throws<ServiceException>(() => MetadataAddresses.Check(n => n == "GCE_METADATA_HOST" ? host : null));
        Assert.StartsWith("GCE_METADATA_HOST names", error.Message);
    }

    [Theory]
    [InlineData("@evil.example/v2/credentials")]
    [InlineData(".evil.example/")]
    [InlineData(":80@evil.example/")]
    public void APathOfEcsThatWouldLeadToAnotherHostIsRefused(string path) =>
        Assert.Contains("must start with a slash", Assert.Throws<ServiceException>(() => MetadataAddresses.Check(n => n == "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" ? path : null)).Message);

    [Fact]
    public void TheVariablesThatThePlatformsSetPass() => MetadataAddresses.Check(n => n switch
    {
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" => "/v2/credentials/9f2c",
        "GCE_METADATA_HOST" => "169.254.169.254:80",
        _ => null,
    });
}
