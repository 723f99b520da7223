namespace Etl.LocalCloud.Identity;

/// <summary>Whom a Google access token stands for.</summary>
/// <param name="Name">A service account's e-mail address, or a federated identity as <c>principal://…</c>.</param>
/// <param name="Members">The members of bindings that are this identity: itself, and the sets it is in.</param>
public sealed record GoogleIdentity(string Name, IReadOnlyList<string> Members)
{
    /// <summary>A service account.</summary>
    public static GoogleIdentity ServiceAccount(string email) => new(email, ["serviceAccount:" + email]);

    /// <summary>A person.</summary>
    public static GoogleIdentity User(string email) => new(email, ["user:" + email]);
}
