using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace Etl.Connectors.Sftp;

/// <summary>Reads files of known servers (https://man.openbsd.org/sshd#SSH_KNOWN_HOSTS_FILE_FORMAT).</summary>
internal static class KnownHosts
{
    private const string Revoked = "@revoked";

    /// <summary>The keys of a server: type, such as <c>ssh-ed25519</c>, and fingerprint. Those that the file revokes are left out; certificates' authorities are not looked at.</summary>
    public static IReadOnlyList<(string Type, string Fingerprint)> Find(IEnumerable<string> lines, string host, int port)
    {
        var name = port == 22 ? host : $"[{host}]:{port}";
        var known = new List<(string Type, string Fingerprint)>();
        var revoked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields is [] || fields[0][0] == '#') continue;
            var marker = fields[0][0] == '@' ? fields[0] : null;
            if (fields[(marker is null ? 0 : 1)..] is not [var hosts, var type, var key, ..] || !IsOf(hosts, name) || Fingerprint(key) is not { } fingerprint) continue;
            if (marker == Revoked) revoked.Add(fingerprint);
            else if (marker is null) known.Add((type, fingerprint));
        }

        return [.. known.Where(k => !revoked.Contains(k.Fingerprint))];
    }

    /// <summary>A key's fingerprint, as ssh-keygen prints it; null when it is no base64.</summary>
    private static string? Fingerprint(string key)
    {
        var bytes = new byte[key.Length];
        return Convert.TryFromBase64String(key, bytes, out var length) ? "SHA256:" + Convert.ToBase64String(SHA256.HashData(bytes.AsSpan(0, length))).TrimEnd('=') : null;
    }

    private static bool IsOf(string hosts, string name)
    {
        if (hosts.StartsWith("|1|", StringComparison.Ordinal)) return IsHashed(hosts.Split('|'), name);
        var patterns = hosts.Split(',');
        return patterns.Any(p => Matches(p, name)) && !patterns.Any(p => p.StartsWith('!') && Matches(p[1..], name));
    }

    private static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true);

    // The format asks for HMAC-SHA1, which hides names here and secures nothing.
#pragma warning disable CA5350
    private static bool IsHashed(string[] parts, string name)
    {
        var (salt, hash) = (new byte[64], new byte[64]);
        return parts is ["", "1", var first, var second] && Convert.TryFromBase64String(first, salt, out var saltLength) && Convert.TryFromBase64String(second, hash, out var hashLength)
            && HMACSHA1.HashData(salt.AsSpan(0, saltLength), Encoding.UTF8.GetBytes(name)).AsSpan().SequenceEqual(hash.AsSpan(0, hashLength));
    }
#pragma warning restore CA5350
}
