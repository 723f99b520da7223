using Etl.Connectors.Gcp.Doctor;
using Etl.LocalCloud.Iam;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Doctor;

/// <summary>Acting as the service account: Google has one answer for several causes, and the bindings tell them apart.</summary>
public sealed class ImpersonationDiagnosisTests : Clinic
{
    private const string Role = "roles/iam.workloadIdentityUser";
    private static readonly Dictionary<string, IReadOnlyList<IamBinding>> NobodyMayLook = [];

    private static CloudPolicy Bound(params IReadOnlyList<string> members) => new() { ServiceAccount = new ServiceAccountPolicy { Bindings = [new IamBinding(Role, members)] } };

    [Fact]
    public async Task ARoleInTheFormThatNoCallerHasIsNamed()
    {
        await StartAsync(Bound(Pool + "/attribute.aws_role/arn:aws:iam::123456789012:role/service-role/etl-runner"));

        var problem = OnlyFailure(await CheckAsync(), StepId.Impersonation, DiagnosisCause.IamRoleArnInBinding);

        Assert.Contains("arn:aws:iam::123456789012:role/service-role/etl-runner", problem.Message, StringComparison.Ordinal);
        Assert.Contains(problem.Fixes, f => f.EndsWith($"--member=\"{Pool}/attribute.aws_role/arn:aws:sts::123456789012:assumed-role/etl-runner\"", StringComparison.Ordinal));
        Assert.Equal("HTTP 403, Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).", problem.Said);
    }

    [Fact]
    public async Task AnAttributeThatIsNotMappedIsNamed()
    {
        await StartAsync(new CloudPolicy { Provider = new ProviderPolicy { AttributeMapping = new Dictionary<string, string> { ["google.subject"] = "assertion.arn" } } });

        var problem = OnlyFailure(await CheckAsync(), StepId.Impersonation, DiagnosisCause.AttributeMappingMissing);

        Assert.Contains("attribute.aws_role", problem.Message, StringComparison.Ordinal);
        Assert.Contains(problem.Fixes, f => f.Contains("--attribute-mapping=\"google.subject=assertion.arn,attribute.aws_role=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AMissingWorkloadIdentityUserIsNamed()
    {
        await StartAsync(Bound());

        Assert.Contains(Role, OnlyFailure(await CheckAsync(), StepId.Impersonation, DiagnosisCause.WorkloadIdentityUserMissing).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABindingOfAnotherRoleIsNoBindingOfThisOne()
    {
        await StartAsync(Bound(Pool + "/attribute.aws_role/arn:aws:sts::123456789012:assumed-role/other"));

        Assert.Contains("assumed-role/other", OnlyFailure(await CheckAsync(), StepId.Impersonation, DiagnosisCause.WorkloadIdentityUserMissing).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereNobodyMayLookTheThreeCausesAreNamedAndHowToBeTold()
    {
        await StartAsync(Bound() with { Resources = NobodyMayLook });

        var problem = OnlyFailure(await CheckAsync(), StepId.Impersonation, DiagnosisCause.ImpersonationRefused);

        Assert.Contains("arn:aws:iam::…:role/…", problem.Message, StringComparison.Ordinal);
        Assert.Contains(problem.Fixes, f => f.Contains("CLOUDSDK_AUTH_ACCESS_TOKEN", StringComparison.Ordinal));
        Assert.Contains(problem.Fixes, f => f.Contains("add-iam-policy-binding", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnAdministratorsTokenLooksWhereTheRoleMayNot()
    {
        var viewer = new IamBinding("roles/iam.securityReviewer", ["user:admin@example.com"]);
        await StartAsync(Bound(Pool + "/attribute.aws_role/arn:aws:iam::123456789012:role/etl-runner") with { Resources = new Dictionary<string, IReadOnlyList<IamBinding>> { ["projects/123456789012"] = [viewer] } });
        Set("CLOUDSDK_AUTH_ACCESS_TOKEN", Cloud.SignInAs("admin@example.com"));

        OnlyFailure(await CheckAsync(), StepId.Impersonation, DiagnosisCause.IamRoleArnInBinding);
    }

    [Fact]
    public async Task ADisabledServiceAccountIsNamed()
    {
        await StartAsync(new CloudPolicy { ServiceAccount = new ServiceAccountPolicy { Disabled = true } });

        var problem = OnlyFailure(await CheckAsync(), StepId.Impersonation, DiagnosisCause.ServiceAccountDisabled);

        Assert.Contains("$ gcloud iam service-accounts enable etl-loader@local-project.iam.gserviceaccount.com --project=local-project", problem.Fixes);
    }

    [Fact]
    public async Task AServiceAccountThatIsNotThereIsNamed()
    {
        await StartAsync();
        Edit(file => file["service_account_impersonation_url"] = file["service_account_impersonation_url"]!.GetValue<string>().Replace("etl-loader", "etl-laoder", StringComparison.Ordinal));

        Assert.Contains("etl-laoder@", OnlyFailure(await CheckAsync(), StepId.Impersonation, DiagnosisCause.ServiceAccountMissing).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sts.googleapis.com", StepId.TokenExchange)]
    [InlineData("iamcredentials.googleapis.com", StepId.Impersonation)]
    [InlineData("storage.googleapis.com", StepId.Bucket)]
    public async Task AnApiThatIsNotEnabledIsNamed(string api, StepId step)
    {
        await StartAsync(new CloudPolicy { DisabledApis = [api] });

        var problem = OnlyFailure(await CheckAsync(), step, DiagnosisCause.ApiDisabled);

        Assert.Contains(problem.Fixes, f => f.StartsWith($"$ gcloud services enable {api}", StringComparison.Ordinal));
        Assert.Contains("has not been used in project 123456789012 before or it is disabled", problem.Said!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BigQueryThatIsNotEnabledFailsItsThreeSteps()
    {
        await StartAsync(new CloudPolicy { DisabledApis = ["bigquery.googleapis.com"] });

        var failed = (await CheckAsync()).Steps.Where(s => s.Status == StepStatus.Failed).ToList();

        Assert.Equal([StepId.BigQueryJobs, StepId.BigQueryDataset, StepId.BigQueryTable], failed.Select(s => s.Id));
        Assert.All(failed, s => Assert.Equal(DiagnosisCause.ApiDisabled, s.Problem!.Cause));
    }

    [Fact]
    public async Task ARoleMayHaveThePermissionsItselfWithoutAServiceAccount()
    {
        await StartAsync();
        Edit(file => file.AsObject().Remove("service_account_impersonation_url"));

        var diagnosis = await CheckAsync();

        Assert.True(diagnosis.Ok);
        Assert.DoesNotContain(diagnosis.Steps, s => s.Id == StepId.Impersonation);
    }
}
