using System.Net;
using Etl.Connectors.Gcp.Federation;

namespace Etl.Connectors.Gcp.Doctor;

/// <summary>Refusals of generateAccessToken, each with its cause. One answer stands for a missing, a misspelt and an unmapped binding alike; the bindings tell them apart, where somebody may look.</summary>
internal static class ImpersonationRefusals
{
    private const string UserRole = "roles/iam.workloadIdentityUser";

    public static StepFailedException Explain(ServiceAnswer answer, ExternalAccountFile file, AwsCaller caller, ProviderView? provider, IReadOnlyList<BindingView>? bindings)
    {
        var account = file.ServiceAccount ?? "the service account";
        if (answer.DisabledApi is { } api) return ExchangeRefusals.ApiDisabled(answer, api, AccountProject(account));
        if (answer.Words.Contains("disabled", StringComparison.OrdinalIgnoreCase))
            return new StepFailedException(DiagnosisCause.ServiceAccountDisabled, $"The service account {account} is disabled.", answer.Words, "Enable it:", $"$ gcloud iam service-accounts enable {account} --project={AccountProject(account)}");
        if (answer.Status == HttpStatusCode.NotFound)
            return new StepFailedException(DiagnosisCause.ServiceAccountMissing, $"There is no service account {account}: deleted, or misspelt in service_account_impersonation_url of {file.Path}.", answer.Words, "See which there are:", $"$ gcloud iam service-accounts list --project={AccountProject(account)}");
        return answer.Status == HttpStatusCode.Forbidden
            ? Denied(answer, ProviderNames.Of(file.Audience), account, caller, provider, bindings)
            : new StepFailedException(DiagnosisCause.ServiceFailed, $"Google refused a token of {account} for another reason.", answer.Words, "Check the file's service_account_impersonation_url and token_lifetime_seconds (600 to 3600 unless the organisation allows more).");
    }

    private static StepFailedException Denied(ServiceAnswer answer, ProviderNames names, string account, AwsCaller caller, ProviderView? provider, IReadOnlyList<BindingView>? bindings)
    {
        string Bind(string verb, string member) => $"$ gcloud iam service-accounts {verb}-iam-policy-binding {account} --project={AccountProject(account)} --role={UserRole} --member=\"{member}\"";
        var wanted = names.RoleMember(caller.RoleAttribute);
        var map = names.Update($"--attribute-mapping=\"google.subject=assertion.arn,{ProviderNames.RoleMapping}\"");
        if (bindings is null)
            return new StepFailedException(
                DiagnosisCause.ImpersonationRefused,
                $"Nothing lets {caller.Arn} act as {account}. Google gives this one answer when the binding is missing, when it has the role as arn:aws:iam::…:role/… (no caller has that form), and when the provider does not map the attribute that it names.",
                answer.Words,
                "Bind the role in the form that Google sees:",
                Bind("add", wanted),
                $"To be told which of the three it is, let the doctor look with your own sign-in:",
                $"$ {IamViews.TokenVariable}=$(gcloud auth print-access-token) etl auth check …");

        var pool = $"//iam.googleapis.com/{names.PoolName}/";
        var ours = bindings.Where(b => b.Role is UserRole or "roles/iam.serviceAccountTokenCreator").SelectMany(b => b.Members).Where(m => m.Contains(pool, StringComparison.Ordinal)).ToList();
        if (ours.FirstOrDefault(m => caller.IsIamFormOf(Value(m))) is { } iamForm)
            return new StepFailedException(
                DiagnosisCause.IamRoleArnInBinding,
                $"{account} is bound to {Value(iamForm)}. No caller has that form: an assumed role calls as {caller.RoleAttribute}/SESSION, so the binding never matches.",
                answer.Words,
                "Bind the form that Google sees, then remove the other:",
                Bind("add", wanted),
                Bind("remove", iamForm));
        if (provider is not null && ours.FirstOrDefault(m => Attribute(m) is { } attribute && !provider.Mapping.Contains(attribute)) is { } unmapped)
            return new StepFailedException(
                DiagnosisCause.AttributeMappingMissing,
                $"{account} is bound to {Attribute(unmapped)}, which the provider does not map (it maps {string.Join(", ", provider.Mapping)}), so the binding never matches.",
                answer.Words,
                "Map the role, as Google's own mapping for AWS does:",
                map);
        return new StepFailedException(
            DiagnosisCause.WorkloadIdentityUserMissing,
            ours.Count == 0
                ? $"No binding of {UserRole} on {account} names the pool {names.Pool}."
                : $"The bindings of {UserRole} on {account} are for others ({string.Join(", ", ours.Take(5).Select(Value))}), not for {caller.Arn}.",
            answer.Words,
            "Let the role act as the account:",
            Bind("add", wanted));
    }

    private static string AccountProject(string account) => account.Split('@') is [_, var domain] && domain.Split('.') is [var project, "iam", ..] ? project : "PROJECT";

    // principalSet://iam.googleapis.com/projects/N/locations/global/workloadIdentityPools/POOL/attribute.NAME/VALUE
    private static string? Attribute(string member) => member.Split('/').ElementAtOrDefault(9) is { } part && part.StartsWith("attribute.", StringComparison.Ordinal) ? part : null;

    private static string Value(string member) => string.Join('/', member.Split('/').Skip(Attribute(member) is null && !member.Contains("/subject/", StringComparison.Ordinal) ? 8 : 10));
}
