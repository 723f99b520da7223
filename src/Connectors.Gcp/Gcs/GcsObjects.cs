using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Etl.Core.Errors;
using Etl.Core.State;
using Google;
using Google.Cloud.Storage.V1;

namespace Etl.Connectors.Gcp.Gcs;

/// <summary>Lists and removes what is below a prefix of a bucket.</summary>
internal sealed class GcsObjects(Lazy<StorageClient> client, string bucket, string prefix) : IStoredObjects
{
    public async IAsyncEnumerable<StoredObject> ListAsync(string below, [EnumeratorCancellation] CancellationToken cancel)
    {
        var listed = client.Value.ListObjectsAsync(bucket, prefix + below).GetAsyncEnumerator(cancel);
        await using var _ = listed.ConfigureAwait(false);
        while (await NextAsync().ConfigureAwait(false))
            yield return new StoredObject(
                listed.Current.Name[prefix.Length..],
                listed.Current.Generation!.Value.ToString(CultureInfo.InvariantCulture),
                (long)(listed.Current.Size ?? 0),
                listed.Current.UpdatedDateTimeOffset ?? listed.Current.TimeCreatedDateTimeOffset ?? DateTimeOffset.MaxValue);

        async Task<bool> NextAsync()
        {
            try
            {
                return await listed.MoveNextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
            {
                throw GcsErrors.Explain(e, bucket, prefix + below, "list");
            }
        }
    }

    public async ValueTask DeleteAsync(StoredObject found, CancellationToken cancel)
    {
        try
        {
            await client.Value.DeleteObjectAsync(bucket, prefix + found.Name, new DeleteObjectOptions { IfGenerationMatch = long.Parse(found.Version, CultureInfo.InvariantCulture) }, cancel).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed)
        {
            // Gone, or another's by now.
        }
        catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
        {
            throw GcsErrors.Explain(e, bucket, prefix + found.Name, "delete");
        }
    }
}
