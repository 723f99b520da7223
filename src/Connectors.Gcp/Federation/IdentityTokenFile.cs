using System.Text;
using Etl.Core.Errors;
using Google.Apis.Auth.OAuth2;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>The proof of who we are, from a file that the platform writes anew before the token expires: read again for each sign-in.</summary>
internal sealed class IdentityTokenFile(string credentials, TokenFileSource source) : ProgrammaticExternalAccountCredential.ISubjectTokenProvider
{
    /// <inheritdoc/>
    public async Task<string> GetSubjectTokenAsync(ProgrammaticExternalAccountCredential caller, CancellationToken taskCancellationToken)
    {
        try
        {
            var content = await Task.Run(() => SmallFile.Read(source.Path), taskCancellationToken).ConfigureAwait(false);
            return IdentityToken.Parse(Encoding.UTF8.GetString(content), source.Field) ?? throw NoToken(source.Field is null ? "" : $" in its field {source.Field}");
        }
        catch (InvalidDataException)
        {
            throw NoToken(": it is larger than 1 MiB");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServiceException($"The OpenID Connect token that {credentials} names as credential_source.file cannot be read from {source.Path}. Check that the platform mounts it there and that this user may read it.", transient: false, e);
        }
    }

    private ServiceException NoToken(string detail) =>
        new($"The file {source.Path} that {credentials} names as credential_source.file holds no OpenID Connect token{detail}; nothing of it was sent. Check the path and credential_source.format.", transient: false);
}
