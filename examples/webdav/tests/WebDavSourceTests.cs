using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Testing;
using Xunit;

namespace WebDav.Tests;

public sealed class WebDavSourceTests : SourceConformance
{
    private WebDavServer server = null!;

    protected override Type OptionsType => typeof(WebDavOptions);

    protected override IReadOnlyList<string> Secrets => [WebDavServer.Password];

    public override async ValueTask InitializeAsync() => server = Own(await WebDavServer.StartAsync());

    protected override ISource CreateSource() => Own(new WebDavSource(Options));

    protected override Task PutAsync(string name, byte[] content)
    {
        server.Put(name, content);
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync(string name)
    {
        server.Files.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    private WebDavOptions Options => new() { Url = server.Root, User = WebDavServer.User, Password = Secret.Parse(WebDavServer.Password, null) };

    [Fact]
    public async Task ThePatternPicksFiles()
    {
        foreach (var name in new[] { "a.csv", "b.txt", "c/d.csv" }) server.Put(name, [1]);

        var listed = await Own(new WebDavSource(Options with { Pattern = "**/*.csv" })).ListAsync(Cancel).ToListAsync(Cancel);

        Assert.Equal(["a.csv", "c/d.csv"], listed.Select(o => o.Uri[server.Root.AbsoluteUri.Length..]));
    }

    [Fact]
    public async Task AWrongPasswordIsSaidAndNotTriedAgain()
    {
        var source = Own(new WebDavSource(Options with { Password = Secret.Parse("guess", null) }));

        var error = await FailsAsync<ServiceException>(async () => await source.ListAsync(Cancel).ToListAsync(Cancel));

        Assert.False(error.Transient);
        Assert.Contains("Check user and password", error.Message, StringComparison.Ordinal);
    }
}
