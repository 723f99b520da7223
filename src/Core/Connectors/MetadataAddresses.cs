using Etl.Core.Errors;

namespace Etl.Core.Connectors;

/// <summary>The addresses at which a cloud gives a machine its own credentials. They speak plain HTTP, so only addresses that cannot leave the machine are asked.</summary>
public static class MetadataAddresses
{
    private static readonly string[] Known =
    [
        "169.254.169.254", "[fd00:ec2::254]",                       // EC2 instance metadata; the first is Google Cloud's too
        "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]",        // ECS and Fargate, EKS Pod Identity
        "metadata.google.internal", "[fd20:ce::254]",               // Google Cloud's metadata server
    ];

    private static readonly string[] Variables = ["AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_EC2_METADATA_SERVICE_ENDPOINT"];
    private const string HostVariable = "GCE_METADATA_HOST";
    private const string PathVariable = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";

    /// <summary>Whether <paramref name="address"/> is one of them, or loopback, where Lambda SnapStart, CloudShell and IAM Roles Anywhere give out credentials.</summary>
    public static bool Allow(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Scheme is "http" or "https" && (address.IsLoopback || Known.Contains(address.Host, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Checks the environment variables that name such an address.</summary>
    /// <exception cref="ServiceException">One names another place.</exception>
    public static void Check(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        foreach (var variable in Variables)
            if (environment(variable) is { Length: > 0 } value)
                Check(variable, value);
        // The libraries write a host behind "http://", and a path behind an address, whatever is in it.
        if (environment(HostVariable) is { Length: > 0 } host) Check(HostVariable, "http://" + host);
        if (environment(PathVariable) is { Length: > 0 } path && path[0] != '/')
            throw new ServiceException($"{PathVariable} must start with a slash: it is a path at 169.254.170.2, where ECS gives out a task's credentials. Nothing is asked of it. Unset {PathVariable}, or correct it.", transient: false);
    }

    /// <summary>Checks one address.</summary>
    /// <param name="setting">What names it, for the error.</param>
    /// <param name="value">A URL, or a host with or without a port.</param>
    /// <exception cref="ServiceException">It is another place.</exception>
    public static void Check(string setting, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var text = value.Contains("://", StringComparison.Ordinal) ? value : "http://" + value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && Allow(address)) return;
        throw new ServiceException(
            $"{setting} names {(address is null ? "no URL" : address.Host)}, where no cloud gives out a machine's credentials, so nothing is asked of it. Etl knows {string.Join(", ", Known)} and loopback. Unset {setting}, or correct it.",
            transient: false);
    }
}
