namespace Etl.LocalCloud.Identity;

/// <summary>A token exchange that Google's Security Token Service would refuse, with its error code (RFC 6749) and description.</summary>
internal sealed class TokenRefusedException(string code, string message) : Exception(message)
{
    /// <summary>The error code.</summary>
    public string Code { get; } = code;
}
