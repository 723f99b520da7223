using System.Text.Json.Nodes;
using Etl.Connectors.Gcp.Federation;
using Etl.Connectors.Gcp.Setup;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Setup;

public sealed class SetupPlanTests
{
    private const string Pool = "//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/etl-pool";

    private static SetupPlan Plan(string role = "etl-runner") => new()
    {
        Project = "acme-analytics",
        ProjectNumber = "123456789",
        Role = AwsRole.Parse(role, "123456789012"),
        Buckets = ["acme-staging"],
        Datasets = [new SetupDataset("acme-analytics", "sales")],
        SourceBucket = "acme-exports",
        SourcePrefix = "orders/",
    };

    [Fact]
    public void EverySessionOfTheRoleIsBoundByTheRole()
    {
        Assert.Equal("principalSet:" + Pool + "/attribute.aws_role/arn:aws:sts::123456789012:assumed-role/etl-runner", Plan().Member);
        Assert.Equal("assertion.arn.startsWith('arn:aws:sts::123456789012:assumed-role/etl-runner/')", Plan().Condition);
    }

    [Fact]
    public void OneSessionIsBoundByItsSubject()
    {
        var plan = Plan() with { Session = "nightly" };

        Assert.Equal("principal:" + Pool + "/subject/arn:aws:sts::123456789012:assumed-role/etl-runner/nightly", plan.Member);
        Assert.Equal("assertion.arn == 'arn:aws:sts::123456789012:assumed-role/etl-runner/nightly'", plan.Condition);
    }

    [Fact]
    public void SessionsThatStartAlikeAreLetThroughByTheCondition() =>
        Assert.Equal("assertion.arn.startsWith('arn:aws:sts::123456789012:assumed-role/etl-runner/nightly-')", (Plan() with { SessionPrefix = "nightly-" }).Condition);

    [Fact]
    public void ALongRoleNameLeavesTheSubjectUnderGooglesLimit()
    {
        Assert.Equal("assertion.arn", Plan("a-role-of-23-characters").Mapping[0].Value);
        Assert.Equal("assertion.arn.extract('assumed-role/{role_and_session}')", Plan("a-role-of-24-characters-").Mapping[0].Value);
    }

    [Fact]
    public void ASessionThatMakesTheSubjectTooLongIsRefused() =>
        Assert.Contains("127", Assert.Throws<FormatException>(() => (Plan(new string('r', 64)) with { Session = new string('s', 64) }).Check()).Message, StringComparison.Ordinal);

    [Fact]
    public void OneSessionAndAPrefixExcludeEachOther() =>
        Assert.Throws<FormatException>(() => (Plan() with { Session = "a1", SessionPrefix = "a" }).Check());

    [Fact]
    public void TheCredentialsFileIsOneThatARunAccepts()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("etl-setup-").FullName, "wif.json");
        File.WriteAllText(path, SetupFiles.Credentials(Plan()));

        var file = ExternalAccountFile.Read(path);

        Assert.Equal(("etl-loader@acme-analytics.iam.gserviceaccount.com", Pool + "/providers/aws"), (file.ServiceAccount, file.Audience));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void TheAwsPolicyReadsThePrefixAndNothingElse()
    {
        var statements = JsonNode.Parse(SetupFiles.AwsPolicy(Plan()))!["Statement"]!.AsArray();

        Assert.Equal(["s3:ListBucket", "s3:GetObject"], statements.Select(s => (string?)s!["Action"]));
        Assert.Equal(["arn:aws:s3:::acme-exports", "arn:aws:s3:::acme-exports/orders/*"], statements.Select(s => (string?)s!["Resource"]));
        Assert.Equal("orders/*", (string?)statements[0]!["Condition"]!["StringLike"]!["s3:prefix"]);
    }

    [Fact]
    public void WhatMeansSomethingInAPolicyIsWrittenSoThatItDoesNot()
    {
        var plan = Plan() with { SourcePrefix = "a*${x}?/" };

        Assert.Equal("arn:aws:s3:::acme-exports/a${*}${$}{x}${?}/*", (string?)JsonNode.Parse(SetupFiles.AwsPolicy(plan))!["Statement"]![1]!["Resource"]);
        Assert.Contains("a$${*}$${$}{x}$${?}/*", TerraformFile.Write(plan), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acme-analytics\n")]
    [InlineData("acme analytics")]
    [InlineData("$(id)")]
    public void WhatIsNoProjectsNameDoesNotGetIntoACommand(string name) => Assert.DoesNotMatch(SetupNames.Project, name);
}
