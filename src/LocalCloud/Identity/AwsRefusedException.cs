namespace Etl.LocalCloud.Identity;

/// <summary>A request that AWS would refuse, with its error code, message and HTTP status.</summary>
public sealed class AwsRefusedException(string code, string message, int status = 403) : Exception(message)
{
    /// <summary>AWS's error code.</summary>
    public string Code { get; } = code;

    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;
}
