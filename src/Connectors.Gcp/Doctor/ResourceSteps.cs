using System.Net;
using Etl.Connectors.Gcp.BigQuery.Client;
using Etl.Connectors.Gcp.Federation;
using Etl.Connectors.Gcp.Gcs;
using Etl.Core.Connectors;
using Google;
using Google.Cloud.Storage.V1;

namespace Etl.Connectors.Gcp.Doctor;

/// <summary>The permissions a run needs, asked for with the run's own clients and sign-in.</summary>
internal sealed class ResourceSteps(ConnectorContext context, Walk walk, string grantee)
{
    private static readonly string[] ObjectPermissions = ["storage.objects.create", "storage.objects.get", "storage.objects.list", "storage.objects.delete"];

    public async Task WalkAsync(DoctorTargets targets, CancellationToken cancel)
    {
        // Made when the first step needs them: before that the sign-in may have failed.
        var storage = new Lazy<StorageClient>(() => GcsClient.Create(GoogleSession.Of(context)));
        var bigQuery = new Lazy<BigQueryService>(() => BigQueryService.Create(GoogleSession.Of(context)));
        try
        {
            foreach (var bucket in targets.Buckets)
                await walk.TryAsync(StepId.Bucket, $"gs://{bucket}", needed: false, stop => BucketAsync(storage.Value, bucket, stop), cancel).ConfigureAwait(false);
            var steps = new BigQuerySteps(bigQuery, grantee);
            foreach (var project in targets.Tables.Select(t => t.Project).Distinct())
            {
                var runs = await walk.TryAsync(StepId.BigQueryJobs, project, needed: false, stop => steps.JobsAsync(project, stop), cancel).ConfigureAwait(false);
                foreach (var dataset in targets.Tables.Where(t => t.Project == project).GroupBy(t => t.Dataset))
                {
                    await walk.TryAsync(StepId.BigQueryDataset, $"{project}.{dataset.Key}", needed: false, stop => steps.DatasetAsync(project, dataset.Key, runs, stop), cancel).ConfigureAwait(false);
                    foreach (var table in dataset)
                        await walk.TryAsync(StepId.BigQueryTable, $"{project}.{dataset.Key}.{table.Table}", needed: false, stop => steps.TableAsync(table, stop), cancel).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (storage.IsValueCreated) storage.Value.Dispose();
            if (bigQuery.IsValueCreated) bigQuery.Value.Dispose();
        }
    }

    private async Task<StepResult> BucketAsync(StorageClient client, string bucket, CancellationToken cancel)
    {
        try
        {
            var granted = await client.TestBucketIamPermissionsAsync(bucket, ObjectPermissions, options: null, cancel).ConfigureAwait(false) ?? [];
            var missing = ObjectPermissions.Except(granted).ToList();
            if (missing.Count > 0)
                throw new StepFailedException(
                    DiagnosisCause.PermissionMissing,
                    $"{grantee} lacks {string.Join(", ", missing)} on gs://{bucket}.",
                    said: null,
                    "Let it read and write objects of this bucket:",
                    $"$ gcloud storage buckets add-iam-policy-binding gs://{bucket} --role=roles/storage.objectUser --member={grantee}");
            return new StepResult([new StepFact("permissions", string.Join(", ", ObjectPermissions))]);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            throw new StepFailedException(
                DiagnosisCause.BucketMissing, $"There is no bucket gs://{bucket}.", ApiRefusals.Words(e),
                "Check its name, or make it where the BigQuery dataset is:", $"$ gcloud storage buckets create gs://{bucket} --location=LOCATION --uniform-bucket-level-access");
        }
        catch (Exception e) when (ApiRefusals.Explain(e, client.Service.BaseUri, cancel) is { } refusal)
        {
            throw refusal;
        }
    }
}
