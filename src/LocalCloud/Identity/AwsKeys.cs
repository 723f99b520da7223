using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Etl.LocalCloud.Identity;

/// <summary>Temporary credentials of an assumed role.</summary>
/// <param name="AccessKeyId">The public half.</param>
/// <param name="SecretAccessKey">The secret half.</param>
/// <param name="SessionToken">The session's token.</param>
/// <param name="Role">The role's name.</param>
/// <param name="Session">The session's name.</param>
/// <param name="Expires">Until when they are good.</param>
/// <param name="MayUseS3">Whether the role's policy allows S3.</param>
public sealed record AwsKey(string AccessKeyId, string SecretAccessKey, string SessionToken, string Role, string Session, DateTimeOffset Expires, bool MayUseS3)
{
    /// <summary>The one account there is.</summary>
    public const string Account = "123456789012";

    /// <summary>The caller's unique id.</summary>
    public string UserId => $"AROALOCALROLE:{Session}";

    /// <summary>The caller's ARN.</summary>
    public string Arn => $"arn:aws:sts::{Account}:assumed-role/{Role}/{Session}";

    // Nothing prints a secret by accident.
    /// <inheritdoc/>
    public override string ToString() => $"{AccessKeyId} ({Arn})";
}

/// <summary>The AWS credentials that the local cloud gave out.</summary>
public sealed class AwsKeys(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, AwsKey> keys = new();

    /// <summary>New credentials of a role.</summary>
    public AwsKey Assume(string role, TimeSpan lifetime, bool mayUseS3 = true, string session = "local-session")
    {
        var key = new AwsKey(
            "ASIA" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
            "localsecret" + RandomNumberGenerator.GetHexString(29, lowercase: true), "localtoken" + RandomNumberGenerator.GetHexString(64, lowercase: true),
            role, session, time.GetUtcNow() + lifetime, mayUseS3);
        return keys[key.AccessKeyId] = key;
    }

    /// <summary>The credentials with this id, or null.</summary>
    public AwsKey? Find(string accessKeyId) => keys.GetValueOrDefault(accessKeyId);
}
