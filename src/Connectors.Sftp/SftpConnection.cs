using Etl.Core.Errors;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Etl.Connectors.Sftp;

/// <summary>The connection to the server, made when it is first used and again when it broke. Safe from any thread: requests share it.</summary>
/// <param name="options">Where it leads.</param>
/// <param name="folder">Where relative paths start.</param>
internal sealed class SftpConnection(SftpSourceOptions options, string folder) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim gate = new(1, 1);
    private SftpClient? client;

    /// <summary>Asks the server for something.</summary>
    /// <exception cref="ServiceException">It refused or failed, or is not the server that it should be.</exception>
    public async Task<T> CallAsync<T>(string where, Func<SftpClient, Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call(await OpenAsync(cancel).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && SftpErrors.Explain(e, options, where) is { } explained)
        {
            if (ReferenceEquals(explained, e)) throw;
            throw explained;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        client?.Dispose();
        gate.Dispose();
    }

    private async Task<SftpClient> OpenAsync(CancellationToken cancel)
    {
        await gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (client is { IsConnected: true }) return client;
            client?.Dispose();
            client = null;
            var opening = new SftpClient(new ConnectionInfo(options.Host, options.Port, options.User, SignIn()) { Timeout = Patience }) { OperationTimeout = Patience, KeepAliveInterval = Patience };
            var trust = HostTrust.Of(options, folder);
            trust.Guard(opening);
            try
            {
                await opening.ConnectAsync(cancel).ConfigureAwait(false);
                return client = opening;
            }
            catch (SshException e) when (trust.Refusal is not null)
            {
                opening.Dispose();
                throw new ServiceException(trust.Refusal.Message, transient: false, e);
            }
            catch
            {
                opening.Dispose();
                throw;
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private AuthenticationMethod[] SignIn()
    {
        if (options.Password is { } password)
        {
            // Many servers ask for the password in a dialogue. What is shown as it is typed is no secret, and must have an answer too.
            var dialogue = new KeyboardInteractiveAuthenticationMethod(options.User);
            dialogue.AuthenticationPrompt += (_, asked) =>
            {
                foreach (var prompt in asked.Prompts) prompt.Response = prompt.IsEchoed ? options.User : password.Reveal();
            };
            return [new PasswordAuthenticationMethod(options.User, password.Reveal()), dialogue];
        }

        var path = Path.GetFullPath(options.KeyFile!, folder);
        try
        {
            return [new PrivateKeyAuthenticationMethod(options.User, new PrivateKeyFile(path, options.Passphrase?.Reveal()))];
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new ServiceException($"The key file cannot be read: {e.Message} Check key_file under source: sftp.", transient: false, e);
        }
        catch (SshException e) when (e is not SshPassPhraseNullOrEmptyException)
        {
            throw new ServiceException($"{path} holds no private key that can be read{(options.Passphrase is null ? "" : ", or the passphrase is not its own")}: {e.Message}", transient: false, e);
        }
    }
}
