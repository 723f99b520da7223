using Etl.LocalCloud.Homes;
using Etl.LocalCloud.Identity;

namespace Etl.LocalCloud.Iam;

/// <summary>Decides who may do what.</summary>
internal sealed class AccessControl(CloudPolicy policy, IReadOnlyList<string> allowedRoles)
{
    /// <summary>The service account behind the pool.</summary>
    public ServiceAccountPolicy Account => policy.ServiceAccount;

    /// <summary>The bindings on the service account.</summary>
    public IReadOnlyList<IamBinding> AccountBindings { get; } = policy.ServiceAccount.Bindings ??
        [
            new IamBinding("roles/iam.workloadIdentityUser",
            [
                .. allowedRoles.Select(role => $"principalSet://iam.googleapis.com/{policy.Provider.PoolName}/attribute.aws_role/arn:aws:sts::{AwsKey.Account}:assumed-role/{role}"),
                .. HomeIdentities.Subjects.Select(subject => $"principal://iam.googleapis.com/{policy.Provider.PoolName}/subject/{subject}"),
            ]),
            new IamBinding("roles/iam.serviceAccountTokenCreator", ["user:" + HomeIdentities.Person]),
        ];

    /// <summary>Whether <paramref name="who"/> has the permission on one of <paramref name="resources"/>: the resource itself and what it inherits from.</summary>
    public bool Allows(GoogleIdentity who, string permission, params ReadOnlySpan<string> resources)
    {
        if (policy.Resources is null) return true;
        foreach (var resource in resources)
            if (policy.Resources.TryGetValue(resource, out var bindings) && Grants(bindings, who, permission))
                return true;
        return false;
    }

    /// <summary>Whether <paramref name="who"/> may act as the service account.</summary>
    public bool MayImpersonate(GoogleIdentity who) => Grants(AccountBindings, who, "iam.serviceAccounts.getAccessToken");

    private bool Grants(IEnumerable<IamBinding> bindings, GoogleIdentity who, string permission) =>
        bindings.Any(b => b.Members.Any(who.Members.Contains) && (policy.Roles.GetValueOrDefault(b.Role) ?? PredefinedRoles.Of(b.Role)).Contains(permission));
}
