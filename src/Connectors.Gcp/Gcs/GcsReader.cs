using System.Net;
using System.Net.Http.Headers;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Google;
using Google.Apis.Storage.v1;
using Google.Cloud.Storage.V1;

namespace Etl.Connectors.Gcp.Gcs;

/// <summary>Reads ranges of objects as streams (https://cloud.google.com/storage/docs/json_api/v1/objects/get). The library only downloads into a stream of the caller's, so the request is its own and the reading is not.</summary>
internal sealed class GcsReader(Lazy<StorageClient> client, string bucket)
{
    /// <summary>The stored bytes of an object.</summary>
    /// <param name="name">The object.</param>
    /// <param name="generation">The generation it must be; null for the one that is there.</param>
    /// <param name="range">Which bytes.</param>
    /// <param name="cancel">Stops the request.</param>
    /// <exception cref="ObjectChangedException">There is no such object in that generation.</exception>
    public async ValueTask<Stream> OpenAsync(string name, long? generation, ByteRange range, CancellationToken cancel)
    {
        if (range.Length == 0) return Stream.Null;
        try
        {
            var get = client.Value.Service.Objects.Get(bucket, name);
            get.Generation = generation;
            get.Alt = StorageBaseServiceRequest<Google.Apis.Storage.v1.Data.Object>.AltEnum.Media;
            using var request = get.CreateRequest();
            request.Headers.Range = range == ByteRange.All ? null : new RangeHeaderValue(range.Offset, range.Length is { } length ? range.Offset + length - 1 : null);
            // The stored bytes: what is kept with Content-Encoding gzip would be unpacked for a client that does not say this (https://cloud.google.com/storage/docs/transcoding).
            request.Headers.AcceptEncoding.Clear();
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
            var response = await client.Value.Service.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
            using (response) throw await ErrorAsync(response, cancel).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed)
        {
            throw new ObjectChangedException($"gs://{bucket}/{name}", e);
        }
        catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
        {
            throw GcsErrors.Explain(e, bucket, name, "read");
        }
    }

    private async Task<GoogleApiException> ErrorAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
        return new GoogleApiException(client.Value.Service.Name, text.Length > 500 ? text[..500] : text) { HttpStatusCode = response.StatusCode, Error = new Google.Apis.Requests.RequestError { Code = (int)response.StatusCode, Message = text.Length > 500 ? text[..500] : text } };
    }
}
