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
}
