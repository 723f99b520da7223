using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;

namespace Etl.Connectors.Http;

/// <summary>Files of web servers, pinned by what RFC 9110 has for it: a strong ETag, or the time of the last change. A server that gives neither, or no length, is refused: its file could change unseen.</summary>
public sealed class HttpSource : ISource, IDisposable
{
    private const int MostRedirects = 5;
    private readonly HttpSourceOptions options;
    private readonly HttpClient client;

    /// <summary>A source that connects when it is first used.</summary>
    public HttpSource(HttpSourceOptions options, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        this.options = options;
        // .NET drops Authorization when it follows a redirect, and follows none from https to http.
        var handler = new SocketsHttpHandler { ConnectCallback = SafeConnect.ConnectAsync, AllowAutoRedirect = true, MaxAutomaticRedirections = MostRedirects, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        client = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("etl", "1"));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var url in options.Urls.SelectMany(UrlPattern.Expand))
            if (seen.Add(url)) yield return await LookAsync(url, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (range.Length == 0 || range.Offset >= source.Length) return Stream.Null;
        var version = new FileVersion(source.Version);
        using var request = Request(HttpMethod.Get, source.Uri);
        version.Demand(request.Headers);
        if (range.Offset > 0 || range.Length < source.Length) request.Headers.Range = new RangeHeaderValue(range.Offset, range.Length is { } length ? range.Offset + length - 1 : null);
        var response = await SendAsync(request, cancel).ConfigureAwait(false);
        try
        {
            // A server that does not know the condition answers all the same.
            if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound or HttpStatusCode.Gone || FileVersion.Of(response) is { } now && now != version) throw new ObjectChangedException(source.Uri);
            Check(response, source.Uri);
            var content = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.PartialContent)
            {
                if (response.Content.Headers.ContentRange?.From != range.Offset) throw new ServiceException($"{source.Uri}: the server answered with other bytes than it was asked for.", transient: true);
                return content;
            }

            // The server knows no ranges: what comes before is read and passed over.
            await SkipAsync(content, range.Offset, source.Uri, cancel).ConfigureAwait(false);
            return content;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private async Task<SourceObject> LookAsync(string url, CancellationToken cancel)
    {
        using var head = Request(HttpMethod.Head, url);
        var response = await SendAsync(head, cancel).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
        {
            response.Dispose();
            using var get = Request(HttpMethod.Get, url);
            response = await SendAsync(get, cancel).ConfigureAwait(false);
        }

        using (response)
        {
            Check(response, url);
            if (FileVersion.Of(response) is not { } version)
                throw new DataException($"{url}: the server gives neither a strong ETag nor a Last-Modified, so that nothing tells when the file changes. Copy it to a folder or a bucket first, and read it from there.");
            if (response.Content.Headers.ContentEncoding.Count > 0 || response.Content.Headers.ContentLength is not { } length)
                throw new DataException($"{url}: the server does not say how long the file is ({(response.Content.Headers.ContentEncoding.Count > 0 ? "it sends it packed, although it is not asked to" : "no Content-Length")}). Copy it to a folder or a bucket first, and read it from there.");
            return new SourceObject(url, version.Text, length, response.Content.Headers.LastModified?.ToUniversalTime() ?? DateTimeOffset.UnixEpoch);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string url)
    {
        var request = new HttpRequestMessage(method, new Uri(url));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (options.Authorization is not { } authorization) return request;
        if (request.RequestUri!.Scheme != "https" && !request.RequestUri.IsLoopback)
            throw new DataException($"{url} is not https, and what signs in would be sent for anyone to read. Use https, or leave out authorization.");
        request.Headers.TryAddWithoutValidation("Authorization", authorization.Reveal());
        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.InnerException is EtlException inner)
        {
            throw inner;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            var why = e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } ? "Its certificate is not one that this machine trusts, or it speaks no TLS." : "Check the address, and that this machine may reach it.";
            throw new ServiceException($"{request.RequestUri} cannot be reached: {e.Message} {why}", transient: e is not HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }, e);
        }
    }

    private void Check(HttpResponseMessage response, string url)
    {
        if (response.IsSuccessStatusCode) return;
        var status = (int)response.StatusCode;
        var again = status >= 500 || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;
        throw new ServiceException(
            response.StatusCode switch
            {
                HttpStatusCode.NotFound or HttpStatusCode.Gone => $"There is no file at {url} (HTTP {status}). Check the URL.",
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"The server does not let this program read {url} (HTTP {status}). {(options.Authorization is null ? "Say what signs in under authorization." : "Check what authorization holds.")}",
                _ when status is >= 300 and < 400 => $"{url} redirects too often, or from https to http (HTTP {status}). Name the URL it leads to.",
                _ => $"The server of {url} answered HTTP {status}{(again ? "" : ", which is not a file")}.",
            },
            again)
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    private static async Task SkipAsync(Stream content, long count, string url, CancellationToken cancel)
    {
        var passed = new byte[64 << 10];
        while (count > 0)
        {
            var read = await content.ReadAsync(passed.AsMemory(0, (int)Math.Min(count, passed.Length)), cancel).ConfigureAwait(false);
            if (read == 0) throw new ServiceException($"{url} ended before it should have.", transient: true);
            count -= read;
        }
    }
}
