using Etl.Connectors.Gcp.Doctor;
using Etl.LocalCloud.Iam;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Doctor;

/// <summary>From AWS credentials to Google's exchange: each failure, as the service answers it, has its cause named.</summary>
public sealed class SignInDiagnosisTests : Clinic
{
    [Fact]
    public async Task WhenAllIsWellEveryStepPassesAndSaysWhatItFound()
    {
        await StartAsync();

        var diagnosis = await CheckAsync();

        Assert.True(diagnosis.Ok);
        Assert.Equal(
            [StepId.CredentialsFile, StepId.AwsCredentials, StepId.Clock, StepId.AwsCaller, StepId.TokenExchange, StepId.Impersonation, StepId.Bucket, StepId.BigQueryJobs, StepId.BigQueryDataset, StepId.BigQueryTable],
            diagnosis.Steps.Select(s => s.Id));
        Assert.All(diagnosis.Steps, s => Assert.Equal(StepStatus.Passed, s.Status));
        Assert.Equal("arn:aws:sts::123456789012:assumed-role/etl-runner/local-session", diagnosis.Steps.Single(s => s.Id == StepId.AwsCaller).Facts[0].Value);
        Assert.StartsWith("environment variables", diagnosis.Steps.Single(s => s.Id == StepId.AwsCredentials).Facts[0].Value);
    }

    [Fact]
    public async Task NothingIsChangedByLooking()
    {
        await StartAsync();

        await CheckAsync();

        Assert.DoesNotContain(Cloud.Requests, r => r.Service == "cloud-storage" && r.Method != "GET");
        Assert.DoesNotContain(Cloud.Requests, r => r is { Service: "bigquery", Method: "PATCH" or "PUT" or "DELETE" });
        Assert.All(Cloud.Requests.Where(r => r is { Service: "bigquery", Method: "POST" }), r => Assert.True(r.Path.EndsWith("/jobs", StringComparison.Ordinal) || r.Path.EndsWith(":testIamPermissions", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task NoSecretIsInADiagnosis()
    {
        await StartAsync(new CloudPolicy { ServiceAccount = new ServiceAccountPolicy { Bindings = [] } });

        var diagnosis = await CheckAsync();

        var text = string.Join('\n', diagnosis.Steps.SelectMany(s => s.Facts.Select(f => f.Value).Append(s.Problem?.Message).Append(s.Problem?.Said).Concat(s.Problem?.Fixes ?? [])));
        foreach (var secret in new[] { "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID" }) Assert.DoesNotContain(Cloud.Environment[secret], text, StringComparison.Ordinal);
        Assert.DoesNotContain("ya29.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServiceAccountKeyIsNoCredentialsFile()
    {
        await StartAsync();
        Edit(file => file["type"] = "service_account");

        Assert.Contains("key", OnlyFailure(await CheckAsync(), StepId.CredentialsFile, DiagnosisCause.CredentialsFileWrong).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAddressThatIsNotGooglesIsNamed()
    {
        await StartAsync();
        Edit(file => file["token_url"] = "https://sts.example.com/v1/token");

        var diagnosis = await CheckAsync();

        Assert.Contains("sts.example.com", OnlyFailure(diagnosis, StepId.CredentialsFile, DiagnosisCause.CredentialsFileWrong).Message, StringComparison.Ordinal);
        Assert.All(diagnosis.Steps.Skip(1), s => Assert.Equal(StepStatus.Skipped, s.Status));
    }

    [Fact]
    public async Task WithoutAwsCredentialsThePlacesToPutThemAreNamed()
    {
        await StartAsync();
        foreach (var name in new[] { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN" }) Set(name, null);

        OnlyFailure(await CheckAsync(), StepId.AwsCredentials, DiagnosisCause.AwsCredentialsMissing);
    }

    [Theory]
    [InlineData("AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://evil.example/credentials")]
    [InlineData("AWS_REGION", "evil.example/")]
    public async Task AVariableThatLeadsElsewhereIsNamedAndNotFollowed(string name, string value)
    {
        await StartAsync();
        Set(name, value);

        Assert.StartsWith(name, OnlyFailure(await CheckAsync(), StepId.AwsCredentials, DiagnosisCause.AwsCredentialsMissing).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExpiredAwsSessionIsNamed()
    {
        await StartAsync();
        SignInAs(Cloud.Assume("etl-runner", TimeSpan.FromSeconds(-1)));

        Assert.Contains("$ aws sso login", OnlyFailure(await CheckAsync(), StepId.AwsCaller, DiagnosisCause.AwsTokenExpired).Fixes);
    }

    [Fact]
    public async Task AWrongSecretKeyIsNamed()
    {
        await StartAsync();
        Set("AWS_SECRET_ACCESS_KEY", "wrong");

        Assert.Contains("secret access key", OnlyFailure(await CheckAsync(), StepId.AwsCaller, DiagnosisCause.AwsCredentialsRefused).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownAccessKeyIsNamed()
    {
        await StartAsync();
        Set("AWS_ACCESS_KEY_ID", "ASIAUNKNOWNUNKNOWN00");

        OnlyFailure(await CheckAsync(), StepId.AwsCaller, DiagnosisCause.AwsCredentialsRefused);
    }

    [Theory]
    [InlineData(20, "behind")]
    [InlineData(-20, "ahead of")]
    public async Task AClockThatIsOffByTwentyMinutesIsTheCauseAndNothingElse(int minutes, string direction)
    {
        await StartAsync(time: new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(minutes)));

        Assert.Contains(direction, OnlyFailure(await CheckAsync(), StepId.Clock, DiagnosisCause.ClockSkew).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClockThatIsOffBySevenMinutesIsAWarning()
    {
        await StartAsync(time: new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(7)));

        var diagnosis = await CheckAsync();

        Assert.True(diagnosis.Ok);
        Assert.Equal(StepStatus.Warning, diagnosis.Steps.Single(s => s.Id == StepId.Clock).Status);
    }

    [Fact]
    public async Task AProviderOfAnotherAwsAccountIsNamed()
    {
        await StartAsync(new CloudPolicy { Provider = new ProviderPolicy { AccountId = "999999999999" }, Resources = new Dictionary<string, IReadOnlyList<IamBinding>>() });

        var problem = OnlyFailure(await CheckAsync(), StepId.TokenExchange, DiagnosisCause.ProviderAccountMismatch);

        Assert.Contains("does not take AWS account 123456789012", problem.Message, StringComparison.Ordinal);
        Assert.Contains(problem.Fixes, f => f.Contains("--account-id=123456789012", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/etl-pool/providers/typo")]
    [InlineData("//iam.googleapis.com/projects/acme-analytics/locations/global/workloadIdentityPools/etl-pool/providers/aws")]
    public async Task AnAudienceThatNamesNoProviderIsNamed(string audience)
    {
        await StartAsync();
        Edit(file => file["audience"] = audience);

        Assert.Contains(audience, OnlyFailure(await CheckAsync(), StepId.TokenExchange, DiagnosisCause.WrongAudience).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADisabledProviderIsNoAudience()
    {
        await StartAsync(new CloudPolicy { Provider = new ProviderPolicy { Disabled = true } });

        Assert.Contains("disabled", OnlyFailure(await CheckAsync(), StepId.TokenExchange, DiagnosisCause.WrongAudience).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAttributeConditionThatRefusesIsNamed()
    {
        await StartAsync(new CloudPolicy { Provider = new ProviderPolicy { AttributeCondition = "assertion.arn.startsWith('arn:aws:sts::123456789012:assumed-role/other/')" }, Resources = new Dictionary<string, IReadOnlyList<IamBinding>>() });

        var problem = OnlyFailure(await CheckAsync(), StepId.TokenExchange, DiagnosisCause.AttributeConditionRefused);

        Assert.Equal("HTTP 400, unauthorized_client: The given credential is rejected by the attribute condition.", problem.Said);
        Assert.Contains(problem.Fixes, f => f.Contains("startsWith('arn:aws:sts::123456789012:assumed-role/etl-runner/')", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AMappingThatCannotBeEvaluatedIsNamed()
    {
        await StartAsync(new CloudPolicy { Provider = new ProviderPolicy { AttributeMapping = new Dictionary<string, string> { ["google.subject"] = "assertion.sub" } } });

        OnlyFailure(await CheckAsync(), StepId.TokenExchange, DiagnosisCause.AttributeMappingWrong);
    }

    [Fact]
    public async Task ASubjectOverGooglesLimitIsNamed()
    {
        await StartAsync();
        SignInAs(Cloud.Assume("a-role-with-a-name-of-fifty-characters-to-the-end-", TimeSpan.FromHours(1), session: new string('s', 64)));

        Assert.Contains("127", OnlyFailure(await CheckAsync(), StepId.TokenExchange, DiagnosisCause.SubjectTooLong).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExchangeThatCannotBeReachedIsEgress()
    {
        await StartAsync();
        var closed = ClosedAddress();
        Edit(file => file["token_url"] = closed + "/v1/token");

        Assert.Contains(new Uri(closed).Authority, OnlyFailure(await CheckAsync(), StepId.TokenExchange, DiagnosisCause.EgressBlocked).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExchangeThatRedirectsIsAProxyInBetweenAndNothingIsSentOn()
    {
        await StartAsync();
        await using var proxy = await FakeGoogle.StartAsync();
        await using var elsewhere = await FakeGoogle.StartAsync();
        proxy.Redirect = ("/v1/token", elsewhere.Address);
        Edit(file => file["token_url"] = proxy.Address + "/v1/token");

        Assert.Contains("redirect (HTTP 307)", OnlyFailure(await CheckAsync(), StepId.TokenExchange, DiagnosisCause.EgressBlocked).Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Calls);
    }

    [Fact]
    public async Task AwsThatCannotBeReachedIsEgress()
    {
        await StartAsync();
        Set("AWS_ENDPOINT_URL_STS", ClosedAddress());

        OnlyFailure(await CheckAsync(), StepId.Clock, DiagnosisCause.EgressBlocked);
    }
}
