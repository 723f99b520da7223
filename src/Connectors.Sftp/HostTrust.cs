using Etl.Core.Errors;
using Renci.SshNet;

namespace Etl.Connectors.Sftp;

/// <summary>Which key the server must show. Before it has shown that, nothing is sent that signs in.</summary>
internal sealed class HostTrust
{
    private readonly SftpSourceOptions options;
    private readonly IReadOnlyList<(string? Type, string Fingerprint)> keys;

    private HostTrust(SftpSourceOptions options, IReadOnlyList<(string? Type, string Fingerprint)> keys) => (this.options, this.keys) = (options, keys);

    /// <summary>Why the server's key was refused; null when it was not.</summary>
    public ServiceException? Refusal { get; private set; }

    /// <summary>What the options say.</summary>
    /// <param name="options">The options.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <exception cref="ServiceException">The file of known servers cannot be read, or does not have the server.</exception>
    public static HostTrust Of(SftpSourceOptions options, string folder)
    {
        if (options.HostKey is { } fingerprint) return new HostTrust(options, [(null, fingerprint.TrimEnd('='))]);
        var path = Path.GetFullPath(options.KnownHosts!, folder);
        try
        {
            var known = KnownHosts.Find(File.ReadLines(path), options.Host, options.Port);
            if (known.Count > 0) return new HostTrust(options, [.. known.Select(k => ((string?)k.Type, k.Fingerprint))]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServiceException($"The file of known servers cannot be read: {e.Message} Check known_hosts under source: sftp.", transient: false, e);
        }

        throw new ServiceException($"{path} does not have {options.Host} with port {options.Port}, so that nothing tells whether it is the right server. Add its key (`ssh-keyscan -p {options.Port} {options.Host}` shows it; have its owner confirm it), or name the fingerprint under host_key.", transient: false);
    }

    /// <summary>Has the server show a key of a kind that is known, and looks at it.</summary>
    public void Guard(SftpClient client)
    {
        var algorithms = client.ConnectionInfo.HostKeyAlgorithms;
        if (keys.All(k => k.Type is not null))
            foreach (var name in algorithms.Keys.Where(name => keys.All(k => k.Type != KeyType(name))).ToList()) algorithms.Remove(name);
        client.HostKeyReceived += (_, shown) =>
        {
            var fingerprint = "SHA256:" + shown.FingerPrintSHA256.TrimEnd('=');
            shown.CanTrust = keys.Any(k => k.Fingerprint == fingerprint);
            if (!shown.CanTrust)
                Refusal = new ServiceException($"{options.Host} shows another key ({shown.HostKeyName}) than the one that {(options.HostKey is null ? "known_hosts has" : "host_key names")}, so nothing was sent to it. Its fingerprint is {fingerprint}. Somebody may be in between; when the server's owner confirms that its key is new, put that fingerprint under host_key.", transient: false);
        };
    }

    // An RSA key signs by several algorithms.
    private static string KeyType(string algorithm) => algorithm is "rsa-sha2-256" or "rsa-sha2-512" ? "ssh-rsa" : algorithm;
}
