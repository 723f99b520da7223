using Etl.Connectors.Gcp.Doctor;
using Etl.LocalCloud.Iam;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Doctor;

/// <summary>Buckets and datasets.</summary>
public sealed class ResourceDiagnosisTests : Clinic
{
    [Fact]
    public async Task ABucketAndADatasetThatAreNotThereAreNamed()
    {
        await StartAsync(createMissing: false);

        var problems = (await CheckAsync()).Steps.Where(s => s.Status == StepStatus.Failed).ToDictionary(s => s.Id, s => s.Problem!.Cause);

        Assert.Equal(DiagnosisCause.BucketMissing, problems[StepId.Bucket]);
        Assert.Equal(DiagnosisCause.DatasetMissing, problems[StepId.BigQueryDataset]);
    }

    [Fact]
    public async Task WithNoRoleOnDataEachGrantIsNamedAsACommand()
    {
        await StartAsync(new CloudPolicy { Resources = new Dictionary<string, IReadOnlyList<IamBinding>>() });

        var fixes = (await CheckAsync()).Steps.SelectMany(s => s.Problem?.Fixes ?? []).ToList();

        Assert.Contains("$ gcloud storage buckets add-iam-policy-binding gs://acme-staging --role=roles/storage.objectUser --member=serviceAccount:etl-loader@local-project.iam.gserviceaccount.com", fixes);
        Assert.Contains("$ gcloud projects add-iam-policy-binding acme-analytics --role=roles/bigquery.jobUser --member=serviceAccount:etl-loader@local-project.iam.gserviceaccount.com --condition=None", fixes);
        Assert.Contains("$ bq query --use_legacy_sql=false 'GRANT `roles/bigquery.dataEditor` ON SCHEMA `acme-analytics`.`sales` TO \"serviceAccount:etl-loader@local-project.iam.gserviceaccount.com\"'", fixes);
    }

    [Theory]
    [InlineData("STORAGE_EMULATOR_HOST", StepId.Bucket)]
    [InlineData("BIGQUERY_EMULATOR_HOST", StepId.BigQueryJobs)]
    public async Task AServiceThatCannotBeReachedIsEgress(string variable, StepId step)
    {
        await StartAsync();
        Set(variable, ClosedAddress());

        var failed = (await CheckAsync()).Steps.Where(s => s.Status == StepStatus.Failed).ToList();

        Assert.Equal(step, failed[0].Id);
        Assert.All(failed, s => Assert.Equal(DiagnosisCause.EgressBlocked, s.Problem!.Cause));
    }
}
