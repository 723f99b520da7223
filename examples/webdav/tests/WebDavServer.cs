using System.Collections.Concurrent;
using System.Net;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace WebDav.Tests;

/// <summary>As much of WebDAV on a real socket as a reader needs: PROPFIND of depth 1, GET with If-Match and Range, one user.</summary>
internal sealed class WebDavServer : IAsyncDisposable
{
    public const string User = "etl";
    public const string Password = "s3cret-of-the-server";
    private static readonly XNamespace Dav = "DAV:";
    private readonly WebApplication app;
    private int serial;

    private WebDavServer(WebApplication app) => this.app = app;

    /// <summary>Files by their path below <see cref="Root"/>.</summary>
    public ConcurrentDictionary<string, (byte[] Content, int Version)> Files { get; } = new();

    public Uri Root => new(app.Urls.First() + "/dav/");

    public static async Task<WebDavServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new WebDavServer(builder.Build());
        server.app.Run(server.AnswerAsync);
        await server.app.StartAsync();
        return server;
    }

    public void Put(string name, byte[] content) => Files[name] = (content, Interlocked.Increment(ref serial));

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!["/dav/".Length..];
        if (http.Request.Headers.Authorization != "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{User}:{Password}"))) http.Response.StatusCode = 401;
        else if (http.Request.Method == "PROPFIND") await ListAsync(http, path);
        else if (!Files.TryGetValue(path, out var file)) http.Response.StatusCode = 404;
        else if (http.Request.Headers.IfMatch != $"\"{file.Version}\"") http.Response.StatusCode = 412;
        else await Results.File(file.Content, entityTag: new EntityTagHeaderValue($"\"{file.Version}\""), enableRangeProcessing: true).ExecuteAsync(http);
    }

    private async Task ListAsync(HttpContext http, string collection)
    {
        var below = Files.Where(f => f.Key.StartsWith(collection, StringComparison.Ordinal)).ToList();
        var folders = below.Select(f => f.Key[collection.Length..]).Where(n => n.Contains('/')).Select(n => collection + n[..(n.IndexOf('/') + 1)]).Distinct().Prepend(collection);
        var answer = new XElement(Dav + "multistatus",
            folders.Select(f => Response(f, new XElement(Dav + "resourcetype", new XElement(Dav + "collection")))),
            below.Where(f => !f.Key[collection.Length..].Contains('/')).Select(f => Response(
                f.Key, new XElement(Dav + "resourcetype"), new XElement(Dav + "getetag", $"\"{f.Value.Version}\""), new XElement(Dav + "getcontentlength", f.Value.Content.Length), new XElement(Dav + "getlastmodified", "Fri, 27 Nov 2026 10:00:00 GMT"))));
        http.Response.StatusCode = 207;
        await http.Response.WriteAsync(answer.ToString());
    }

    private static XElement Response(string path, params XElement[] properties) =>
        new(Dav + "response", new XElement(Dav + "href", "/dav/" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString))), new XElement(Dav + "propstat", new XElement(Dav + "prop", properties)));
}
