using System.Collections.Concurrent;
using Etl.Core.Contracts;
using Etl.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Etl.Connectors.Http.Tests;

public sealed class HttpConformance : SourceConformance
{
    private readonly ConcurrentDictionary<string, (byte[] Content, int Version)> files = new();
    private WebApplication server = null!;

    protected override Type OptionsType => typeof(HttpSourceOptions);

    public override async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = Own(builder.Build());
        server.Run(context => files.TryGetValue(context.Request.Path.Value![1..], out var file)
            ? Results.File(file.Content, "text/csv", entityTag: new EntityTagHeaderValue($"\"{file.Version}\""), enableRangeProcessing: true).ExecuteAsync(context)
            : Results.NotFound().ExecuteAsync(context));
        await server.StartAsync(Cancel);
    }

    protected override ISource CreateSource() =>
        Own(new HttpSource(new HttpSourceOptions { Urls = [.. files.Keys.Order(StringComparer.Ordinal).Select(n => $"{server.Urls.Single()}/{string.Join('/', n.Split('/').Select(Uri.EscapeDataString))}")] }, Context));

    protected override Task PutAsync(string name, byte[] content)
    {
        files.AddOrUpdate(name, (content, 1), (_, old) => (content, old.Version + 1));
        return Task.CompletedTask;
    }

    // The URL stays in the pipeline file; here it goes from later sources too, which a test of one that is gone does not ask.
    protected override Task RemoveAsync(string name)
    {
        files.TryRemove(name, out _);
        return Task.CompletedTask;
    }
}
