using System.Net.Sockets;
using Etl.Core.Errors;
using Renci.SshNet.Common;

namespace Etl.Connectors.Sftp;

/// <summary>What the server or the connection says, in words that lead on.</summary>
internal static class SftpErrors
{
    /// <summary>The failure; null when it is none of these.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="options">The server.</param>
    /// <param name="where">What was asked for.</param>
    public static EtlException? Explain(Exception error, SftpSourceOptions options, string where) => error switch
    {
        EtlException known => known,
        SshAuthenticationException => Final($"{options.Host} does not let {options.User} sign in with {(options.KeyFile is null ? "this password" : $"the key of {options.KeyFile}")}. {(options.KeyFile is null ? "Check user and password" : "Check user and key_file, and that the server has the public key")}. The server said: {error.Message}", error),
        SftpPathNotFoundException => Final($"There is no {where}. Check folder under source: sftp.", error),
        SftpPermissionDeniedException => Final($"{options.User} may not read {where}. Have the server's owner change its permissions.", error),
        SshPassPhraseNullOrEmptyException => Final($"The key in {options.KeyFile} is encrypted. Give its passphrase, from the environment.", error),
        SshConnectionException or SshOperationTimeoutException or ProxyException or SocketException or IOException or ObjectDisposedException => new ServiceException($"The connection to {options.Host}, port {options.Port}, broke or was not made ({where}): {error.Message}", transient: true, error),
        SshException => Final($"The server did not give {where}: {error.Message}", error),
        _ => null,
    };

    private static ServiceException Final(string message, Exception inner) => new(message, transient: false, inner);
}
