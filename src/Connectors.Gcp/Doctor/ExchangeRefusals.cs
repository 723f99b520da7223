using Etl.Connectors.Gcp.Federation;

namespace Etl.Connectors.Gcp.Doctor;

/// <summary>Refusals of Google's Security Token Service, each with its cause (https://cloud.google.com/iam/docs/troubleshooting-workload-identity-federation).</summary>
internal static class ExchangeRefusals
{
    public static StepFailedException Explain(ServiceAnswer answer, ExternalAccountFile file, AwsCaller caller, ProviderView? provider)
    {
        if (answer.DisabledApi is { } api) return ApiDisabled(answer, api, ProviderNames.Of(file.Audience).Project);
        var (code, text) = (ServiceAnswer.TextOf(answer.Json(), "error") ?? "", ServiceAnswer.TextOf(answer.Json(), "error_description") ?? "");
        var names = ProviderNames.Of(file.Audience);
        StepFailedException Refused(DiagnosisCause cause, string message, params IReadOnlyList<string> fixes) => new(cause, message, answer.Words, fixes);
        bool Says(string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);

        if (code == "invalid_target" || Says("\"audience\""))
            return Refused(
                DiagnosisCause.WrongAudience,
                $"The audience in {file.Path} names no active provider: {file.Audience}. The project's number (not its id), the pool or the provider is misspelt, or one of them is disabled or deleted.",
                "Compare it with the providers there are, then make the file again:",
                $"$ gcloud iam workload-identity-pools providers list --workload-identity-pool={names.Pool} --location=global --project={names.Project}",
                "$ etl auth setup …");
        if (Says("x-goog-cloud-target-resource"))
            return Refused(DiagnosisCause.WrongAudience, $"The signed proof is for another provider than the audience {file.Audience}.", "Make the credentials file again:", "$ etl auth setup …");
        if (Says("attribute condition"))
            return Refused(
                DiagnosisCause.AttributeConditionRefused,
                $"The provider's attribute condition refuses {caller.Arn}.{(provider?.Condition is { } condition ? $" It is: {condition}" : "")}",
                "Look at the condition, and change it or run as the role it allows:",
                names.Describe(),
                names.Update($"--attribute-condition=\"assertion.arn.startsWith('{caller.RoleAttribute}/')\""));
        if (Says("127 bytes"))
            return Refused(
                DiagnosisCause.SubjectTooLong,
                $"google.subject is mapped from the caller's ARN, which has {System.Text.Encoding.UTF8.GetByteCount(caller.Arn)} bytes; Google allows 127.",
                "Shorten the role's or the session's name, or map the subject from a part of the ARN (bindings to the subject must follow):",
                names.Update($"--attribute-mapping=\"google.subject=assertion.arn.extract('assumed-role/{{role}}/'),{ProviderNames.RoleMapping}\""));
        if (Says("mapped attribute") || Says("attribute mapping"))
            return Refused(
                DiagnosisCause.AttributeMappingWrong, $"The provider's attribute mapping cannot be evaluated for {caller.Arn}.",
                "Set the mapping that Google uses for AWS:", names.Update($"--attribute-mapping=\"google.subject=assertion.arn,{ProviderNames.RoleMapping}\""));
        if (Says("ExpiredToken")) return Refused(DiagnosisCause.AwsTokenExpired, "The AWS session expired meanwhile.", "Sign in again:", "$ aws sso login");
        if (Says("Signature expired") || Says("not yet current"))
            return Refused(DiagnosisCause.ClockSkew, "The signed proof is out of date: this machine's clock is off.", "Set the clock, and keep it set by NTP.", "$ timedatectl set-ntp true");
        if (Says("AWS response"))
            return Refused(DiagnosisCause.AwsCredentialsRefused, "AWS refused the proof when Google showed it, and accepted it from here: the session was ended meanwhile, or AWS's STS of this region is not active for the account.", "Try again, and try AWS_REGION=us-east-1.");
        // Google documents no words for another account, so it is told by what is left.
        if ((provider is { Account: { } account } && account != caller.Account) || code == "unauthorized_client" || Says("account"))
            return Refused(
                DiagnosisCause.ProviderAccountMismatch,
                $"The provider does not take AWS account {caller.Account}{(provider?.Account is { } other && other != caller.Account ? $"; it is for account {other}" : "")}.",
                $"Give the provider the account that the caller is of ({caller.Arn}), or run in the provider's account:",
                names.Describe(),
                names.Update($"--account-id={caller.Account}"));
        return Refused(DiagnosisCause.ServiceFailed, "Google refused the exchange for another reason.", "Look at the provider:", names.Describe());
    }

    public static StepFailedException ApiDisabled(ServiceAnswer answer, string api, string project) =>
        new(DiagnosisCause.ApiDisabled, $"The API {api} is not enabled in project {project}.", answer.Words, "Enable it, and wait a minute:", $"$ gcloud services enable {api} --project={project}");
}
