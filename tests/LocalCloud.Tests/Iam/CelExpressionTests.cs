using Etl.LocalCloud.Iam;
using Xunit;

namespace Etl.LocalCloud.Tests.Iam;

public sealed class CelExpressionTests
{
    private const string Arn = "arn:aws:sts::123456789012:assumed-role/etl-runner/session-1";
    private static readonly Dictionary<string, string> Variables = new() { ["assertion.arn"] = Arn, ["assertion.account"] = "123456789012", ["attribute.aws_role"] = "etl-runner" };

    [Theory]
    [InlineData("assertion.arn", Arn)]
    [InlineData("'a' + \"b\" + 'c'", "abc")]
    [InlineData("assertion.arn.extract('assumed-role/{role}/')", "etl-runner")]
    [InlineData("assertion.arn.extract('assumed-role/{rest}')", "etl-runner/session-1")]
    [InlineData("assertion.arn.extract('{account_arn}assumed-role/')", "arn:aws:sts::123456789012:")]
    [InlineData("assertion.arn.extract('user/{name}')", "")]
    [InlineData("assertion.arn.contains('assumed-role') ? 'role' : 'user'", "role")]
    [InlineData("false ? 'a' : true ? 'b' : 'c'", "b")]
    public void TextIsEvaluated(string expression, string expected) => Assert.Equal(expected, CelExpression.Evaluate(expression, Variables));

    [Theory]
    [InlineData("assertion.account == '123456789012'", true)]
    [InlineData("assertion.account != '123456789012'", false)]
    [InlineData("!assertion.arn.endsWith('x') && assertion.arn.startsWith('arn:')", true)]
    [InlineData("false || (true && attribute.aws_role in ['a', 'etl-runner'])", true)]
    [InlineData("assertion.arn.matches('role/etl-[a-z]+/')", true)]
    public void ConditionsAreEvaluated(string expression, bool expected) => Assert.Equal(expected, CelExpression.Evaluate(expression, Variables));

    [Theory]
    [InlineData("assertion.sub")]
    [InlineData("assertion.arn.shout('x')")]
    [InlineData("assertion.arn +")]
    [InlineData("assertion.arn 'x'")]
    [InlineData("'a' && true")]
    [InlineData("assertion.arn == #")]
    [InlineData("('a'")]
    [InlineData("")]
    public void WhatIsNoExpressionIsRefused(string expression) => Assert.Throws<FormatException>(() => CelExpression.Evaluate(expression, Variables));
}
