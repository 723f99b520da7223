using Azure;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Xunit;

namespace Etl.Connectors.Azure.Tests;

public sealed class AzureErrorsTests
{
    private static readonly AzureSourceOptions Data = new() { Account = new Uri("https://acme.blob.core.windows.net"), Container = "data" };

    [Theory]
    [InlineData(403, "AuthorizationPermissionMismatch", "read", false, "the role Storage Blob Data Reader on the container")]
    [InlineData(403, "AuthorizationPermissionMismatch", "write", false, "the role Storage Blob Data Contributor on the container")]
    [InlineData(403, "AuthorizationFailure", "list", false, "the account's firewall keeps its network out")]
    [InlineData(403, "AuthenticationFailed", "read", false, "AZURE_TENANT_ID")]
    [InlineData(403, "KeyBasedAuthenticationNotPermitted", "read", false, "does not let keys sign in")]
    [InlineData(404, "ContainerNotFound", "read", false, "There is no container data in acme.blob.core.windows.net")]
    [InlineData(409, "BlobArchived", "read", false, "az storage blob set-tier")]
    [InlineData(412, "LeaseIdMissing", "delete", false, "holds a lease on az://acme.blob.core.windows.net/data/a.csv")]
    [InlineData(409, "ContainerBeingDeleted", "write", true, "is being deleted")]
    [InlineData(503, "ServerBusy", "read", true, "ServerBusy, HTTP 503")]
    [InlineData(500, "InternalError", "read", true, "InternalError, HTTP 500")]
    [InlineData(429, null, "read", true, "HTTP 429")]
    [InlineData(400, "Md5Mismatch", "write", true, "Md5Mismatch")]
    [InlineData(400, "InvalidHeaderValue", "read", false, "The first line.")]
    public void RefusalsLeadOn(int status, string? code, string doing, bool transient, string says)
    {
        var error = Assert.IsType<ServiceException>(AzureErrors.Explain(new RequestFailedException(status, "The first line.\nHeaders:\nx-secret: 1", code, null), Data, "a.csv", doing));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("x-secret", error.Message, StringComparison.Ordinal);
        Assert.Equal(transient, error.Transient);
    }

    [Theory]
    [InlineData(404, "BlobNotFound")]
    [InlineData(412, "ConditionNotMet")]
    [InlineData(404, null)]
    public void ABlobThatIsGoneOrAnotherIsSaidToHaveChanged(int status, string? code) =>
        Assert.Contains("az://acme.blob.core.windows.net/data/a.csv", Assert.IsType<ObjectChangedException>(AzureErrors.Explain(new RequestFailedException(status, "No.", code, null), Data, "a.csv", "read")).Message, StringComparison.Ordinal);

    [Fact]
    public void ASignatureThatLacksARightIsToldWhich()
    {
        var signed = Data with { SasToken = Secret.Parse("sv=1&sig=abc", null) };

        var error = AzureErrors.Explain(new RequestFailedException(403, "No.", "AuthorizationPermissionMismatch", null), signed, "a.csv", "write");

        Assert.Contains("(sp=racwdl)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheSdkTriedSeveralTimesIsToldByTheLast()
    {
        var error = AzureErrors.Explain(new AggregateException("Retry failed", new HttpRequestException("first"), new RequestFailedException(0, "last", new HttpRequestException("last"))), Data, key: null, "list");

        Assert.Contains("last", Assert.IsType<ServiceException>(error).Message, StringComparison.Ordinal);
        Assert.True(((ServiceException)error).Transient);
    }
}
