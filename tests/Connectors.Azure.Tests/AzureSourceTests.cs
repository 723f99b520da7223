using System.ComponentModel.DataAnnotations;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Testing;
using Etl.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Etl.Connectors.Azure.Tests;

public sealed class AzureSourceTests(AzuriteServer azurite) : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private BlobContainerClient container = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => container = await azurite.NewContainerAsync();

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task BlobsAreChosenByPrefixAndPatternAndFoldersAreNone()
    {
        foreach (var name in new[] { "in/a.csv", "in/b.txt", "in/deep/c.csv", "in/d b+表%25.csv", "other/e.csv" }) await PutAsync(name, "1");
        await PutAsync("in/folder/", "");
        await container.GetBlobClient("in/hns.csv").UploadAsync(new BinaryData(""), new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["hdi_isfolder"] = "true" } }, Cancel);

        Assert.Equal(["in/a.csv", "in/d b+表%25.csv"], await NamesAsync("in/", "*.csv"));
        Assert.Equal(["in/a.csv", "in/d b+表%25.csv", "in/deep/c.csv"], await NamesAsync("in/", "**/*.csv"));
        Assert.Equal(["in/deep/c.csv"], await NamesAsync("in/", "deep/*"));
        Assert.Equal(5, (await NamesAsync("", null)).Count);
    }

    [Fact]
    public async Task NoMatchIsAnErrorOnlyWhenOneIsRequired()
    {
        Assert.Empty(await NamesAsync("", "*.csv"));
        var error = await Assert.ThrowsAsync<DataException>(async () => await new AzureSource(Options() with { Required = true, Pattern = "*.csv" }, folder.Context).ListAsync(Cancel).ToListAsync(Cancel));
        Assert.Contains("matches *.csv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AContainerThatIsNotThereIsNamed()
    {
        var error = await RefusedAsync(Options() with { Container = "typo" });

        Assert.StartsWith("There is no container typo in 127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.False(error.Transient);
    }

    [Fact]
    public async Task AWrongKeyIsSaidToBeWrongAndNotShown()
    {
        var key = Convert.ToBase64String(new byte[64]);
        var error = await RefusedAsync(Options() with { AccountKey = Secret.Parse(key, null) });

        Assert.Contains("account_key is not a present key of this account", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(key, error.ToString(), StringComparison.Ordinal);
        Assert.False(error.Transient);
    }

    [Fact]
    public async Task ASignatureReadsWhatItAllowsAndIsNotShownWhereItDoesNot()
    {
        await PutAsync("a.csv", "x");
        var reading = Signature(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, TimeSpan.FromHours(1));
        var expired = Signature(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, TimeSpan.FromHours(-1));

        Assert.Single(await new AzureSource(Signed(reading), folder.Context).ListAsync(Cancel).ToListAsync(Cancel));
        var late = await RefusedAsync(Signed(expired));
        var sink = new AzureStagingSink(new AzureStagingOptions { Account = azurite.Account, Container = container.Name, SasToken = reading }, folder.Context);
        var denied = await Assert.ThrowsAsync<ServiceException>(async () => await sink.WriteAsync("b", new MemoryStream([1]), Cancel));

        Assert.Contains("sas_token has expired (se=)", late.Message, StringComparison.Ordinal);
        Assert.Contains("It needs the permissions read, add, create, write, delete and list", denied.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", late + denied.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatIsDownIsTransient()
    {
        var error = await RefusedAsync(Options() with { Account = new Uri("http://127.0.0.1:1/devstoreaccount1") });

        Assert.True(error.Transient, error.Message);
    }

    [Fact]
    public async Task ALocalRunDoesNotGoToTheRealAzure()
    {
        var error = await RefusedAsync(new AzureSourceOptions { Account = new Uri("https://acme.blob.core.windows.net"), Container = "data" });

        Assert.Contains("The local cloud has no Azure", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAnIdentityThePlacesToHaveOneAreNamed()
    {
        // Asks for no identity but the environment's, which has none.
        var before = Environment.GetEnvironmentVariable("AZURE_TOKEN_CREDENTIALS");
        Environment.SetEnvironmentVariable("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential");
        try
        {
            var source = new AzureSource(new AzureSourceOptions { Account = new Uri("https://127.0.0.1:1/acme"), Container = "data" }, new ConnectorContext("orders", folder.Path, local: false, TimeProvider.System, NullLoggerFactory.Instance, new Dictionary<Type, object>()));
            var error = await Assert.ThrowsAsync<ServiceException>(async () => await source.ListAsync(Cancel).ToListAsync(Cancel));

            Assert.StartsWith("No Azure identity was found to list az://127.0.0.1:1/acme/data.", error.Message, StringComparison.Ordinal);
            Assert.False(error.Transient);
        }
        finally
        {
            Environment.SetEnvironmentVariable("AZURE_TOKEN_CREDENTIALS", before);
        }
    }

    [Theory]
    [InlineData("https://acme.blob.core.windows.net", null, null, null)]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1", "AAAA", null, null)]
    [InlineData("https://acme.blob.core.windows.net", "AAAA", null, null)]
    [InlineData("https://acme.blob.core.windows.net", null, "sv=2024-11-04&sig=abc", null)]
    [InlineData("https://acme.blob.core.windows.net/data", null, null, "the container goes under container")]
    [InlineData("https://acme.blob.core.windows.net/?sv=2024&sig=abc", null, null, "account holds more than an address")]
    [InlineData("http://acme.blob.core.windows.net", "AAAA", null, "account is not https")]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1", null, null, "takes an account_key or a sas_token")]
    [InlineData("http://127.0.0.1:10000", "AAAA", null, "needs the account's name as its path")]
    [InlineData("http://localhost:10000/devstoreaccount1", "AAAA", null, "write 127.0.0.1 for localhost")]
    [InlineData("acme", null, null, "account is the URL")]
    [InlineData("https://acme.blob.core.windows.net", "AAAA", "sig=abc", "either account_key or sas_token")]
    [InlineData("https://acme.blob.core.windows.net", "AccountName=acme;AccountKey=AAAA", null, "not the whole of one")]
    [InlineData("https://acme.blob.core.windows.net", null, "abc", "sas_token has no sig=")]
    public void AnAddressIsCheckedBeforeAnythingIsSent(string account, string? key, string? token, string? expected)
    {
        var options = Options() with { Account = new Uri(account, UriKind.RelativeOrAbsolute), AccountKey = key is null ? null : Secret.Parse(key, null), SasToken = token is null ? null : Secret.Parse(token, null) };

        var problems = options.Validate(new ValidationContext(options)).Select(p => p.ErrorMessage).ToList();

        if (expected is null) Assert.Empty(problems);
        else Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    private Task PutAsync(string name, string content) => container.GetBlobClient(name).UploadAsync(new BinaryData(content), Cancel);

    private async Task<List<string>> NamesAsync(string prefix, string? pattern)
    {
        var found = await new AzureSource(Options() with { Prefix = prefix, Pattern = pattern }, folder.Context).ListAsync(Cancel).ToListAsync(Cancel);
        return [.. found.Select(o => o.Uri.Split(container.Name + "/")[1])];
    }

    private async Task<ServiceException> RefusedAsync(AzureSourceOptions options) => await Assert.ThrowsAsync<ServiceException>(async () => await new AzureSource(options, folder.Context).ListAsync(Cancel).ToListAsync(Cancel));

    private Secret Signature(BlobContainerSasPermissions permissions, TimeSpan valid) =>
        Secret.Parse(container.GenerateSasUri(new BlobSasBuilder(permissions, TimeProvider.System.GetUtcNow() + valid) { BlobContainerName = container.Name, Resource = "c" }).Query[1..], null);

    private AzureSourceOptions Signed(Secret token) => Options() with { AccountKey = null, SasToken = token };

    private AzureSourceOptions Options() => new() { Account = azurite.Account, Container = container.Name, AccountKey = AzuriteContainers.Key };
}
