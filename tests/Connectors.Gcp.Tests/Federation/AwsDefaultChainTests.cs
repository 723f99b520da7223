using Etl.Connectors.Gcp.Federation;
using Etl.Core.Errors;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Federation;

[Collection("environment variables")]
public sealed class AwsDefaultChainTests : IDisposable
{
    private static readonly string[] Variables = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EC2_METADATA_DISABLED", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_PROFILE"];
    private readonly Dictionary<string, string?> before = Variables.ToDictionary(v => v, Environment.GetEnvironmentVariable);

    public AwsDefaultChainTests()
    {
        foreach (var variable in Variables) Environment.SetEnvironmentVariable(variable, null);
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", "/nonexistent/config");
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials");
    }

    public void Dispose()
    {
        foreach (var (variable, value) in before) Environment.SetEnvironmentVariable(variable, value);
    }

    [Fact]
    public async Task TheEnvironmentGivesCredentialsAndRegion()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "AKIATEST");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "secret");
        Environment.SetEnvironmentVariable("AWS_SESSION_TOKEN", "token");
        Environment.SetEnvironmentVariable("AWS_REGION", "eu-west-3");

        var (credentials, region) = await new AwsDefaultChain().ResolveAsync(default);

        Assert.Equal(("AKIATEST", "secret", "token", "eu-west-3"), (credentials.AccessKey, credentials.SecretKey, credentials.Token, region));
    }

    [Theory]
    [InlineData("evil.example/")]
    [InlineData("us-east-1.evil.example")]
    [InlineData("us-east-1@evil.example")]
    [InlineData("us-east-1#")]
    [InlineData("US EAST")]
    public async Task WhatIsNoRegionIsPutIntoNoHostsName(string region)
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "AKIATEST");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "secret");
        Environment.SetEnvironmentVariable("AWS_REGION", region);
        Assert.StartsWith("AWS_REGION is not an AWS region", (await Assert.ThrowsAsync<ServiceException>(() => new AwsDefaultChain().ResolveAsync(default))).Message);
    }

    [Fact]
    public async Task WithoutCredentialsThePlacesToPutThemAreNamed()
    {
        var error = await Assert.ThrowsAsync<ServiceException>(() => new AwsDefaultChain().ResolveAsync(default));
        Assert.StartsWith("No AWS credentials were found", error.Message);
        Assert.False(error.Transient);
    }
}
