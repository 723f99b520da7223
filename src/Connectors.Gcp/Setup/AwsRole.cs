using System.Text.RegularExpressions;

namespace Etl.Connectors.Gcp.Setup;

/// <summary>An AWS role, however it was written: <c>arn:aws:iam::ACCOUNT:role/PATH/NAME</c>, <c>arn:aws:sts::ACCOUNT:assumed-role/NAME[/SESSION]</c>, or a bare name beside an account.</summary>
/// <param name="Partition"><c>aws</c>, <c>aws-cn</c> or <c>aws-us-gov</c>.</param>
/// <param name="Account">The account's number.</param>
/// <param name="Name">The role's name, without its path.</param>
public sealed partial record AwsRole(string Partition, string Account, string Name)
{
    /// <summary>The form in which its sessions call, and which bindings must have: without the path, which AWS leaves out of it.</summary>
    public string AssumedRoleArn => $"arn:{Partition}:sts::{Account}:assumed-role/{Name}";

    /// <summary>Reads a role.</summary>
    /// <param name="text">An ARN of either form, or a name.</param>
    /// <param name="account">The account of a bare name; must agree with an ARN's.</param>
    /// <exception cref="FormatException">It is no role; the message says what it is and what to write.</exception>
    public static AwsRole Parse(string text, string? account)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (account is not null && !Number().IsMatch(account)) throw new FormatException($"--aws-account {account} is no AWS account: it has 12 digits, such as 123456789012.");
        if (new[] { IamArn().Match(text), SessionArn().Match(text) }.FirstOrDefault(m => m.Success) is { } arn)
        {
            if (account is not null && account != arn.Groups["account"].Value) throw new FormatException($"The role {text} is of account {arn.Groups["account"].Value}, and --aws-account says {account}.");
            return new AwsRole(arn.Groups["partition"].Value, arn.Groups["account"].Value, arn.Groups["name"].Value);
        }

        if (text.StartsWith("arn:", StringComparison.Ordinal))
            throw new FormatException($"{text} is no role. Write arn:aws:iam::ACCOUNT:role/NAME or arn:aws:sts::ACCOUNT:assumed-role/NAME (a user has a key that never ends; give the workload a role).");
        if (!Names().IsMatch(text)) throw new FormatException($"{text} is no role's name: it has 1 to 64 letters, digits and + = , . @ _ -.");
        return account is not null ? new AwsRole("aws", account, text) : throw new FormatException($"The role {text} is a name alone: add --aws-account, or write its ARN.");
    }

    [GeneratedRegex(@"^arn:(?<partition>aws[a-z-]*):iam::(?<account>[0-9]{12}):role/(?:[A-Za-z0-9_+=,.@/-]*/)?(?<name>[A-Za-z0-9_+=,.@-]{1,64})\z")]
    private static partial Regex IamArn();

    [GeneratedRegex(@"^arn:(?<partition>aws[a-z-]*):sts::(?<account>[0-9]{12}):assumed-role/(?<name>[A-Za-z0-9_+=,.@-]{1,64})(?:/[A-Za-z0-9_+=,.@-]{2,64})?\z")]
    private static partial Regex SessionArn();

    [GeneratedRegex(@"^[A-Za-z0-9_+=,.@-]{1,64}\z")]
    private static partial Regex Names();

    [GeneratedRegex(@"^[0-9]{12}\z")]
    private static partial Regex Number();
}
