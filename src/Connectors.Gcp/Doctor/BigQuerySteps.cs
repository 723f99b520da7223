using System.Net;
using Etl.Connectors.Gcp.BigQuery;
using Etl.Connectors.Gcp.BigQuery.Client;
using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Google;

namespace Etl.Connectors.Gcp.Doctor;

/// <summary>BigQuery's permissions, by dry runs and testIamPermissions: nothing is run, made or read.</summary>
internal sealed class BigQuerySteps(Lazy<BigQueryService> service, string grantee)
{
    private const string Probe = "etl_auth_check";
    private static readonly string[] TablePermissions = ["bigquery.tables.get", "bigquery.tables.update", "bigquery.tables.updateData"];

    /// <summary>Running jobs.</summary>
    public Task<StepResult> JobsAsync(string project, CancellationToken cancel) => CallAsync(
        async () =>
        {
            try
            {
                await DryRunAsync(project, location: null, "SELECT 1", cancel).ConfigureAwait(false);
            }
            catch (GoogleApiException e) when (ApiRefusals.IsDenied(e))
            {
                throw new StepFailedException(
                    DiagnosisCause.PermissionMissing, $"{grantee} lacks bigquery.jobs.create in project {project}.", ApiRefusals.Words(e),
                    "Let it run jobs in the project:", $"$ gcloud projects add-iam-policy-binding {project} --role=roles/bigquery.jobUser --member={grantee} --condition=None");
            }

            return new StepResult([new StepFact("permissions", "bigquery.jobs.create")]);
        },
        cancel);

    /// <summary>The dataset, and making tables in it.</summary>
    public Task<StepResult> DatasetAsync(string project, string dataset, bool mayRun, CancellationToken cancel) => CallAsync(
        async () =>
        {
            string? location;
            try
            {
                location = (await service.Value.GetDatasetAsync(new DatasetReference { ProjectId = project, DatasetId = dataset }, cancel).ConfigureAwait(false)).Location;
            }
            catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
            {
                throw new StepFailedException(
                    DiagnosisCause.DatasetMissing, $"There is no dataset {project}.{dataset}.", ApiRefusals.Words(e),
                    "Check its name, or make it where the staging bucket is:", $"$ bq mk --dataset --location=LOCATION {project}:{dataset}");
            }
            catch (GoogleApiException e) when (ApiRefusals.IsDenied(e))
            {
                throw Denied(project, dataset, "bigquery.datasets.get", e);
            }

            var facts = new List<StepFact> { new("location", location ?? "unknown") };
            if (!mayRun) return new StepResult([.. facts, new StepFact("permissions", "bigquery.datasets.get; bigquery.tables.create cannot be seen without jobs")]);
            try
            {
                await DryRunAsync(project, location, $"CREATE TABLE `{project}`.`{dataset}`.`{Probe}` (checked BOOL)", cancel).ConfigureAwait(false);
            }
            catch (GoogleApiException e) when (ApiRefusals.IsDenied(e))
            {
                throw Denied(project, dataset, "bigquery.tables.create", e);
            }
            catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.Conflict)
            {
                // It may be made, only not twice.
            }

            return new StepResult([.. facts, new StepFact("permissions", "bigquery.datasets.get, bigquery.tables.create")]);
        },
        cancel);

    /// <summary>The table, when it is there.</summary>
    public Task<StepResult> TableAsync(BigQueryOptions table, CancellationToken cancel) => CallAsync(
        async () =>
        {
            IReadOnlyList<string> granted;
            try
            {
                granted = await service.Value.TestTablePermissionsAsync(new TableReference { ProjectId = table.Project, DatasetId = table.Dataset, TableId = table.Table }, TablePermissions, cancel).ConfigureAwait(false);
            }
            catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
            {
                return new StepResult([new StepFact("state", "not there yet; the first load makes it")]);
            }

            var missing = TablePermissions.Except(granted).ToList();
            return missing.Count == 0
                ? new StepResult([new StepFact("permissions", string.Join(", ", TablePermissions))])
                : throw Denied(table.Project, table.Dataset, string.Join(", ", missing), said: null);
        },
        cancel);

    private StepFailedException Denied(string project, string dataset, string permissions, GoogleApiException? said) => new(
        DiagnosisCause.PermissionMissing,
        $"{grantee} lacks {permissions} on the dataset {project}.{dataset}.",
        said is null ? null : ApiRefusals.Words(said),
        "Let it edit the data of this dataset:",
        $"$ bq query --use_legacy_sql=false 'GRANT `roles/bigquery.dataEditor` ON SCHEMA `{project}`.`{dataset}` TO \"{grantee}\"'");

    private Task<Job> DryRunAsync(string project, string? location, string sql, CancellationToken cancel) => service.Value.InsertJobAsync(
        new Job
        {
            JobReference = new JobReference { ProjectId = project, Location = location },
            Configuration = new JobConfiguration { DryRun = true, Query = new JobConfigurationQuery { Query = sql, UseLegacySql = false } },
        },
        cancel);

    private async Task<StepResult> CallAsync(Func<Task<StepResult>> call, CancellationToken cancel)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not StepFailedException && ApiRefusals.Explain(e, service.Value.BaseUri, cancel) is { } refusal)
        {
            throw refusal;
        }
    }
}
