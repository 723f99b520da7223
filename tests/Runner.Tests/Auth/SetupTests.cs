using System.Text.Json.Nodes;
using Etl.Connectors.Gcp.Doctor;
using Etl.Connectors.Gcp.Setup;
using Etl.LocalCloud;
using Xunit;

namespace Etl.Runner.Tests.Auth;

/// <summary>The credentials file that a set-up writes, run against a local cloud made by the set-up's own commands.</summary>
[Collection("environment variables")]
public sealed class SetupTests
{
    private static SetupPlan Plan(string role = "arn:aws:iam::123456789012:role/team/etl-runner") => new()
    {
        Project = "acme-analytics",
        ProjectNumber = "4815162342",
        Role = AwsRole.Parse(role, null),
        Buckets = ["acme-staging"],
        Datasets = [new SetupDataset("acme-analytics", "sales")],
        SourceBucket = "acme-exports",
        SourcePrefix = "orders/",
    };

    private static Task UseAsync(CloudRun run, SetupPlan plan) =>
        run.UseAsync(SetupScript.Apply(GcloudScript.Write(plan, "etl-aws-policy.json"), SetupFiles.AwsPolicy(plan)), cloud => OnLoopback(SetupFiles.Credentials(plan), cloud));

    // Only the addresses change: who signs in to what is the file's own.
    private static string OnLoopback(string file, LocalCloudServer cloud)
    {
        var json = JsonNode.Parse(file)!;
        string Moved(string url, Uri to) => to.GetLeftPart(UriPartial.Authority) + new Uri(url).PathAndQuery;
        json["token_url"] = Moved((string)json["token_url"]!, cloud.Endpoints.GoogleSts);
        json["service_account_impersonation_url"] = Moved((string)json["service_account_impersonation_url"]!, cloud.Endpoints.IamCredentials);
        return json.ToJsonString();
    }

    [Fact]
    public async Task WhatTheCommandsMakeIsEnoughForTheMainJob()
    {
        await using var run = new CloudRun();
        await UseAsync(run, Plan());

        Assert.Empty(await run.FailedStepsAsync());
        Assert.Equal(1, (await run.RunAsync()).Rows.Staged);
        run.AddObject("second.csv");
        Assert.Equal(1, (await run.RunAsync()).Rows.Staged);
    }

    [Fact]
    public async Task AnotherRoleIsRefusedByTheProvidersCondition()
    {
        await using var run = new CloudRun();
        await UseAsync(run, Plan());
        run.SignInAs("other", "session");

        var failed = Assert.Single(await run.FailedStepsAsync());

        Assert.Equal((StepId.TokenExchange, DiagnosisCause.AttributeConditionRefused), (failed.Id, failed.Problem!.Cause));
        Assert.NotNull(await run.FailureAsync());
    }

    [Fact]
    public async Task OneSessionSignsInAndAnotherOfTheSameRoleDoesNot()
    {
        await using var run = new CloudRun();
        await UseAsync(run, Plan() with { Session = "nightly" });
        run.SignInAs("etl-runner", "nightly");
        Assert.Equal(1, (await run.RunAsync()).Rows.Staged);

        run.SignInAs("etl-runner", "daily");

        Assert.Equal(StepId.TokenExchange, Assert.Single(await run.FailedStepsAsync()).Id);
    }

    [Fact]
    public async Task SessionsThatStartAlikeSignIn()
    {
        await using var run = new CloudRun();
        await UseAsync(run, Plan() with { SessionPrefix = "night" });
        run.SignInAs("etl-runner", "nightly-7");
        Assert.Empty(await run.FailedStepsAsync());

        run.SignInAs("etl-runner", "daily-7");

        Assert.Equal(DiagnosisCause.AttributeConditionRefused, Assert.Single(await run.FailedStepsAsync()).Problem!.Cause);
    }

    [Fact]
    public async Task ARoleWithALongNameSignsInWithAnySession()
    {
        const string role = "a-role-whose-name-has-more-than-sixty-characters-so-to-say-yes";
        await using var run = new CloudRun();
        await UseAsync(run, Plan("arn:aws:iam::123456789012:role/" + role));

        run.SignInAs(role, new string('s', 64));

        Assert.Empty(await run.FailedStepsAsync());
    }
}
