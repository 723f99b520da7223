namespace Etl.LocalCloud.Identity;

/// <summary>Knows the Google access tokens that the local token services gave out.</summary>
public interface ITokenAuthority
{
    /// <summary>Who the token stands for (a service account's e-mail or a federated principal), or null when it is unknown or expired.</summary>
    string? Identify(string accessToken);
}
