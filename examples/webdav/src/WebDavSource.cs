using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Pipelines;

namespace WebDav;

/// <summary>Files of a WebDAV collection and those below it (RFC 4918), each pinned by its ETag.</summary>
public sealed class WebDavSource : ISource, IDisposable
{
    private static readonly HttpMethod PropFind = new("PROPFIND");
    private static readonly XNamespace Dav = "DAV:";
    private readonly HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly KeyPattern pattern;
    private readonly Uri root;

    /// <summary>A source that connects when it is first used.</summary>
    public WebDavSource(WebDavOptions options)
    {
        root = options.Url.AbsolutePath.EndsWith('/') ? options.Url : new Uri(options.Url.AbsoluteUri + "/");
        pattern = new KeyPattern(options.Pattern);
        if (options.User is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password?.Reveal()}")));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var found = new List<SourceObject>();
        // Many servers refuse to list all depths at once.
        var collections = new Queue<Uri>([root]);
        while (collections.TryDequeue(out var collection))
            foreach (var entry in await EntriesAsync(collection, cancel))
            {
                var url = new Uri(collection, entry.Element(Dav + "href")!.Value);
                if (url == collection || !url.AbsoluteUri.StartsWith(root.AbsoluteUri, StringComparison.Ordinal)) continue;
                if (entry.Descendants(Dav + "collection").Any()) collections.Enqueue(url);
                else if (pattern.IsMatch(Uri.UnescapeDataString(url.AbsoluteUri[root.AbsoluteUri.Length..]))) found.Add(Pinned(url, entry));
            }

        foreach (var file in found.OrderBy(f => f.Uri, StringComparer.Ordinal)) yield return file;
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel)
    {
        // A range that holds no byte is refused with 416.
        if (range.Length == 0 || range.Offset >= source.Length) return Stream.Null;
        using var request = new HttpRequestMessage(HttpMethod.Get, source.Uri);
        request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(source.Version));
        request.Headers.Range = new RangeHeaderValue(range.Offset, range.Offset + range.Length - 1);
        var response = await SendAsync(request, cancel);
        if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound || response.Headers.ETag?.ToString() != source.Version)
        {
            response.Dispose();
            throw new ObjectChangedException(source.Uri);
        }

        var content = await response.Content.ReadAsStreamAsync(cancel);
        if (response.StatusCode == HttpStatusCode.PartialContent || range.Offset == 0 && range.Length is null) return content;
        await content.DisposeAsync();
        throw new ServiceException($"The server of {source.Uri} does not send parts of files, which reading on after a broken connection needs. Use a server that honours Range.", transient: false);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<List<XElement>> EntriesAsync(Uri collection, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(PropFind, collection) { Headers = { { "Depth", "1" } } };
        using var response = await SendAsync(request, cancel);
        if (response.StatusCode == HttpStatusCode.NotFound) throw new ServiceException($"There is no collection {collection}. Check url under source: webdav.", transient: false);
        var answer = await XDocument.LoadAsync(await response.Content.ReadAsStreamAsync(cancel), LoadOptions.None, cancel);
        return [.. answer.Root!.Elements(Dav + "response")];
    }

    private static SourceObject Pinned(Uri url, XElement entry)
    {
        string Property(string name) => entry.Descendants(Dav + name).FirstOrDefault()?.Value
            ?? throw new ServiceException($"The server says no {name} of {url}, by which a file is pinned. Use a server that does.", transient: false);
        return new SourceObject(url.AbsoluteUri, Property("getetag"), long.Parse(Property("getcontentlength")), DateTimeOffset.Parse(Property("getlastmodified")));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException e)
        {
            throw new ServiceException($"{request.RequestUri} could not be reached: {e.Message}", transient: true, e);
        }

        if (response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed) return response;
        using (response)
            throw response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? new ServiceException($"{request.RequestUri} may not be read: the server answered {(int)response.StatusCode}. Check user and password under source: webdav.", transient: false)
                : new ServiceException($"{request.RequestUri}: the server answered {(int)response.StatusCode}.", transient: (int)response.StatusCode is 429 or >= 500) { RetryAfter = response.Headers.RetryAfter?.Delta };
    }
}
