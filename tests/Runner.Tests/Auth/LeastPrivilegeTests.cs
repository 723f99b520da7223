using System.Text.Json.Nodes;
using Etl.Connectors.Gcp.Doctor;
using Etl.Connectors.Gcp.Setup;
using Etl.LocalCloud.Iam;
using Etl.TestSupport;
using Xunit;

namespace Etl.Runner.Tests.Auth;

/// <summary>The least that both clouds must allow: with it the main job runs, and without any one permission the run fails and the doctor names exactly the step.</summary>
[Collection("environment variables")]
public sealed class LeastPrivilegeTests
{
    private const string Loader = "serviceAccount:etl-loader@local-project.iam.gserviceaccount.com";
    private static readonly string[] Objects = ["storage.objects.create", "storage.objects.get", "storage.objects.list", "storage.objects.delete"];
    private static readonly string[] Data = ["bigquery.datasets.get", "bigquery.tables.create", "bigquery.tables.get", "bigquery.tables.update", "bigquery.tables.updateData"];

    [Fact]
    public async Task WithTheLeastPrivilegesTheMainJobRunsAgainAndAgain()
    {
        await using var run = new CloudRun();
        await run.UseAsync(Policy(without: null));

        Assert.Empty(await run.FailedStepsAsync());
        Assert.Equal(1, (await run.RunAsync()).Rows.Staged);
        run.AddObject("second.csv");
        Assert.Empty(await run.FailedStepsAsync());
        Assert.Equal(1, (await run.RunAsync()).Rows.Staged);
    }

    [Theory]
    [InlineData("storage.objects.create", StepId.Bucket)]
    [InlineData("storage.objects.get", StepId.Bucket)]
    [InlineData("storage.objects.list", StepId.Bucket)]
    [InlineData("storage.objects.delete", StepId.Bucket)]
    [InlineData("bigquery.jobs.create", StepId.BigQueryJobs)]
    [InlineData("bigquery.datasets.get", StepId.BigQueryDataset)]
    [InlineData("bigquery.tables.get", StepId.BigQueryTable)]
    [InlineData("bigquery.tables.update", StepId.BigQueryTable)]
    [InlineData("bigquery.tables.updateData", StepId.BigQueryTable)]
    [InlineData("iam.serviceAccounts.getAccessToken", StepId.Impersonation)]
    [InlineData("s3:ListBucket", StepId.Source)]
    [InlineData("s3:GetObject", StepId.Source)]
    public async Task WithoutAPermissionTheRunFailsAndTheDoctorNamesTheStep(string removed, StepId step)
    {
        await using var run = new CloudRun();
        await run.UseAsync(Policy(without: null));
        await run.RunAsync();
        run.AddObject("second.csv");

        await run.UseAsync(Policy(removed));
        var failed = await run.FailedStepsAsync();
        var failure = await run.FailureAsync();

        Assert.Equal([step], failed.Select(s => s.Id));
        Assert.True(failure is not null, $"the run needs no {removed}");
        if (step is StepId.Bucket or StepId.BigQueryJobs or StepId.BigQueryDataset or StepId.BigQueryTable) Assert.Contains(removed, failed[0].Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutMakingTablesTheFirstRunFailsAndTheDoctorNamesTheDataset()
    {
        await using var run = new CloudRun();
        await run.UseAsync(Policy("bigquery.tables.create"));

        var failed = Assert.Single(await run.FailedStepsAsync());

        Assert.Equal(StepId.BigQueryDataset, failed.Id);
        Assert.Contains("bigquery.tables.create", failed.Problem!.Message, StringComparison.Ordinal);
        Assert.NotNull(await run.FailureAsync());
    }

    [Fact]
    public void TheGuideAsksAwsForNothingElse()
    {
        var guide = File.ReadAllText(Repository.PathOf("docs", "security.md"));
        var printed = JsonNode.Parse(guide.Split("```json")[1].Split("```")[0].Replace("SOURCE_BUCKET", "acme-exports", StringComparison.Ordinal).Replace("PREFIX", "orders/", StringComparison.Ordinal))!["Statement"]!;
        var setUp = AwsPolicy.DeepClone();
        foreach (var statement in setUp.AsArray()) statement!.AsObject().Remove("Sid");

        Assert.True(JsonNode.DeepEquals(setUp, printed), printed.ToJsonString());
        Assert.DoesNotMatch("s3:(?!ListBucket|GetObject\\b|prefix|::)", guide);
    }

    [Fact]
    public async Task WithTheBucketsOtherPrefixesTheAwsRoleHasNothingToDo()
    {
        await using var run = new CloudRun();
        await run.UseAsync(Policy(without: null));
        File.WriteAllText(Path.Combine(run.Folder, "p.yaml"), File.ReadAllText(Path.Combine(run.Folder, "p.yaml")).Replace("prefix: orders/", "prefix: payroll/", StringComparison.Ordinal));

        Assert.Equal([StepId.Source], (await run.FailedStepsAsync()).Select(s => s.Id));
        Assert.NotNull(await run.FailureAsync());
    }

    // What `etl auth setup` writes for the role.
    private static JsonNode AwsPolicy => JsonNode.Parse(SetupFiles.AwsPolicy(new SetupPlan
    {
        Project = "acme-analytics",
        ProjectNumber = "123456789012",
        Role = AwsRole.Parse("etl-runner", "123456789012"),
        SourceBucket = "acme-exports",
        SourcePrefix = "orders/",
    }))!["Statement"]!;

    private static CloudPolicy Policy(string? without)
    {
        string[] Kept(string[] all) => [.. all.Where(p => p != without)];
        var provider = new ProviderPolicy();
        return new CloudPolicy
        {
            Roles = new Dictionary<string, IReadOnlyList<string>> { ["objects"] = Kept(Objects), ["data"] = Kept(Data), ["jobs"] = Kept(["bigquery.jobs.create"]), ["user"] = Kept(["iam.serviceAccounts.getAccessToken"]) },
            ServiceAccount = new ServiceAccountPolicy { Bindings = [new IamBinding("user", [$"principalSet://iam.googleapis.com/{provider.PoolName}/attribute.aws_role/arn:aws:sts::123456789012:assumed-role/etl-runner"])] },
            Resources = new Dictionary<string, IReadOnlyList<IamBinding>>
            {
                ["buckets/acme-staging"] = [new IamBinding("objects", [Loader])],
                ["projects/acme-analytics"] = [new IamBinding("jobs", [Loader])],
                ["datasets/acme-analytics.sales"] = [new IamBinding("data", [Loader])],
            },
            AwsRoles = new Dictionary<string, JsonObject>
            {
                ["etl-runner"] = new JsonObject { ["Statement"] = new JsonArray([.. AwsPolicy.AsArray().Where(s => (string?)s!["Action"] != without).Select(s => s!.DeepClone())]) },
            },
        };
    }
}
