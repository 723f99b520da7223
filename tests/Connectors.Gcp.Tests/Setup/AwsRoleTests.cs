using Etl.Connectors.Gcp.Setup;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Setup;

public sealed class AwsRoleTests
{
    [Theory]
    [InlineData("arn:aws:iam::123456789012:role/etl-runner", null, "arn:aws:sts::123456789012:assumed-role/etl-runner")]
    [InlineData("arn:aws:iam::123456789012:role/service-role/team/etl-runner", null, "arn:aws:sts::123456789012:assumed-role/etl-runner")]
    [InlineData("arn:aws:sts::123456789012:assumed-role/etl-runner", null, "arn:aws:sts::123456789012:assumed-role/etl-runner")]
    [InlineData("arn:aws:sts::123456789012:assumed-role/etl-runner/i-0abc", "123456789012", "arn:aws:sts::123456789012:assumed-role/etl-runner")]
    [InlineData("arn:aws-us-gov:iam::123456789012:role/etl-runner", null, "arn:aws-us-gov:sts::123456789012:assumed-role/etl-runner")]
    [InlineData("arn:aws-cn:iam::123456789012:role/etl-runner", null, "arn:aws-cn:sts::123456789012:assumed-role/etl-runner")]
    [InlineData("arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Data_0123456789abcdef", null, "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Data_0123456789abcdef")]
    [InlineData("etl-runner", "123456789012", "arn:aws:sts::123456789012:assumed-role/etl-runner")]
    public void EitherFormBecomesTheOneThatCallersHave(string text, string? account, string expected) => Assert.Equal(expected, AwsRole.Parse(text, account).AssumedRoleArn);

    [Theory]
    [InlineData("etl-runner", null, "--aws-account")]
    [InlineData("arn:aws:iam::123456789012:user/me", null, "is no role")]
    [InlineData("arn:aws:iam::123456789012:role/etl-runner", "999999999999", "is of account 123456789012")]
    [InlineData("arn:aws:iam::12345:role/etl-runner", null, "is no role")]
    [InlineData("etl-runner", "12345", "12 digits")]
    [InlineData("etl runner", "123456789012", "no role's name")]
    [InlineData("etl-runner\n", "123456789012", "no role's name")]
    [InlineData("arn:aws:iam::123456789012:role/etl-runner\nrm", null, "is no role")]
    [InlineData("etl-ルンナー", "123456789012", "no role's name")]
    [InlineData("etl'; rm -rf /", "123456789012", "no role's name")]
    public void WhatIsNoRoleIsRefusedWithWhatToWrite(string text, string? account, string words) =>
        Assert.Contains(words, Assert.Throws<FormatException>(() => AwsRole.Parse(text, account)).Message, StringComparison.Ordinal);
}
