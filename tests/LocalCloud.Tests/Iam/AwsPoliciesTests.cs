using System.Text.Json.Nodes;
using Etl.LocalCloud.Iam;
using Etl.LocalCloud.Identity;
using Xunit;

namespace Etl.LocalCloud.Tests.Iam;

public sealed class AwsPoliciesTests
{
    private static readonly AwsKey Key = new AwsKeys(TimeProvider.System).Assume("etl-runner", TimeSpan.FromHours(1));

    private static bool Allows(string statement, string action, string resource, string? prefix = null) =>
        new AwsPolicies(new CloudPolicy { AwsRoles = new Dictionary<string, JsonObject> { ["etl-runner"] = new() { ["Statement"] = JsonNode.Parse(statement) } } }).Allow(Key, action, resource, prefix);

    [Theory]
    [InlineData("""{"Effect":"Allow","Action":"s3:*","Resource":"*"}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"S3:getobject","Resource":"arn:aws:s3:::b/?"}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}""", false)]
    [InlineData("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::other/*"}""", false)]
    [InlineData("""[{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}]""", false)]
    [InlineData("[]", false)]
    public void ReadingAnObjectTakesAStatementThatAllowsAndNoneThatDenies(string statement, bool expected) => Assert.Equal(expected, Allows(statement, "s3:GetObject", "arn:aws:s3:::b/k"));

    [Fact]
    public void AConditionOnThePrefixIsHeldTo()
    {
        const string statement = """{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{"StringLike":{"s3:prefix":["in/*","out/*"]}}}""";

        Assert.True(Allows(statement, "s3:ListBucket", "arn:aws:s3:::b", "in/2026/"));
        Assert.False(Allows(statement, "s3:ListBucket", "arn:aws:s3:::b", "other/"));
        Assert.False(Allows(statement, "s3:ListBucket", "arn:aws:s3:::b"));
    }

    [Fact]
    public void ARoleWithoutAPolicyMayDoEverything() => Assert.True(new AwsPolicies(new CloudPolicy()).Allow(Key, "s3:DeleteObject", "arn:aws:s3:::b/k", null));
}
