namespace Etl.LocalCloud.Identity;

/// <summary>Knows the Google access tokens that the local token services gave out.</summary>
public interface ITokenAuthority
{
    /// <summary>Whom the token stands for, or null when it is unknown or expired.</summary>
    GoogleIdentity? Identify(string accessToken);
}
