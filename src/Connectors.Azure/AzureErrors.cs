using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Etl.Core.Errors;

namespace Etl.Connectors.Azure;

/// <summary>Azure's refusals in words that lead on. Codes: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes and https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes</summary>
internal static class AzureErrors
{
    private const string Roles = "Being Owner or Contributor of the account is not enough, and a role that was just given counts after some minutes.";

    /// <summary>Whether a request was refused because the blob is not as it was asked to be. Of two that make one blob at once of blocks, the later one's blocks are dropped when the earlier one's are made a blob.</summary>
    public static bool IsCondition(RequestFailedException error) => error.ErrorCode is "ConditionNotMet" or "TargetConditionNotMet" or "BlobAlreadyExists" or "InvalidBlockList";

    /// <summary>The failure in words, or <paramref name="error"/> itself when it is no service's.</summary>
    public static Exception Explain(Exception error, AzureAddress address, string? key, string doing)
    {
        var where = key is null ? address.Root : $"{address.Root}/{key}";
        return error switch
        {
            // What the SDK throws when it has tried several times.
            AggregateException several => Explain(several.InnerExceptions[^1], address, key, doing),
            RequestFailedException { ErrorCode: "BlobNotFound" or "ConditionNotMet" } => new ObjectChangedException(where, error),
            RequestFailedException { Status: 0 } broken => Broken(broken.InnerException ?? broken, address, where, doing),
            RequestFailedException { Status: 404 } when key is not null && error is RequestFailedException { ErrorCode: not "ContainerNotFound" } => new ObjectChangedException(where, error),
            RequestFailedException refused => Explain(refused, address, where, doing),
            CredentialUnavailableException => Final($"No Azure identity was found to {doing} {where}. These were asked for one: the environment (AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH), a workload identity (AZURE_FEDERATED_TOKEN_FILE), the machine's managed identity, and the Azure CLI. On a laptop run `az login`; on Azure give the machine, job or pod an identity; elsewhere name an account_key or a sas_token from the environment.", error),
            AuthenticationFailedException failed => new ServiceException($"Microsoft Entra did not sign in the identity that was to {doing} {where}: {FirstLine(failed)}", IsBroken(failed.InnerException), error),
            HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException => Broken(error, address, where, doing),
            _ => error,
        };
    }

    private static ServiceException Explain(RequestFailedException error, AzureAddress address, string where, string doing) => error.ErrorCode switch
    {
        "ContainerNotFound" => Final($"There is no container {address.Container} in {address.Account.Authority}. Check its spelling and the account; `az storage container list --auth-mode login --account-name {address.AccountName}` shows the containers there are.", error),
        "AuthorizationPermissionMismatch" or "InsufficientAccountPermissions" => Final(
            address.SasToken is null
                ? $"Azure does not let this identity {doing} {where}. It needs the role {Role(doing)} on the container or the account (`az role assignment create --role \"{Role(doing)}\" --assignee WHO --scope …`). {Roles}"
                : $"The sas_token does not allow to {doing} {where}. It needs the permissions {(doing is "read" or "list" ? "read and list (sp=rl)" : "read, add, create, write, delete and list (sp=racwdl)")}.",
            error),
        "AuthorizationFailure" => new ServiceException($"Azure did not let this machine {doing} {where}. Either the account's firewall keeps its network out (Networking: allow the network, or a private endpoint), or {Doubt(address, doing)}.", transient: false),
        // What Azure says then may have the signature in it.
        "AuthenticationFailed" or "InvalidAuthenticationInfo" or "NoAuthenticationInformation" => new ServiceException($"Azure could not verify who was to {doing} {where}: perhaps {Doubt(address, doing)}, or this machine's clock is wrong.", transient: false),
        "AuthorizationServiceMismatch" or "AuthorizationResourceTypeMismatch" or "AuthorizationSourceIPMismatch" or "AuthorizationProtocolMismatch" => Final($"The sas_token is not for this: {error.ErrorCode}. It must be for the blob service, for containers and objects (ss=b, srt=co) or for the container (sr=c), and for this machine's address.", error),
        "KeyBasedAuthenticationNotPermitted" => Final($"The account does not let keys sign in. Leave out account_key and sas_token, and give the identity the role {Role(doing)}.", error),
        "PublicAccessNotPermitted" => Final($"{where} is not public. Sign in by an identity, an account_key or a sas_token.", error),
        "BlobArchived" or "BlobBeingRehydrated" => Final($"{where} is in the archive tier and must be rehydrated before it can be read: `az storage blob set-tier --tier Hot`. That takes hours.", error),
        "LeaseIdMissing" => Final($"Somebody holds a lease on {where}, so Azure did not {doing} it. `az storage blob lease break` ends the lease, if it is nobody's any more.", error),
        "BlobImmutableDueToPolicy" => Final($"A policy of the container keeps {where} from being changed or removed, so Azure did not {doing} it. Write staged files and state to a container without one.", error),
        "ContainerBeingDeleted" => new ServiceException($"The container {address.Container} is being deleted.", transient: true, error),
        _ when IsTransient(error) => new ServiceException($"Azure was not able to {doing} {where} ({Code(error)}). {FirstLine(error)}", transient: true, error) { RetryAfter = RetryAfter(error) },
        _ => Final($"Azure refused to {doing} {where} ({Code(error)}). {FirstLine(error)}", error),
    };

    private static string Doubt(AzureAddress address, string doing) => address switch
    {
        { AccountKey: not null } => "account_key is not a present key of this account, whole",
        { SasToken: not null } => "sas_token has expired (se=), is not whole, or is for another account or container",
        _ => $"the identity is of another tenant than the account (AZURE_TENANT_ID), or lacks the role {Role(doing)}",
    };

    private static string Role(string doing) => doing is "read" or "list" ? "Storage Blob Data Reader" : "Storage Blob Data Contributor";

    private static ServiceException Broken(Exception error, AzureAddress address, string where, string doing) =>
        new($"{address.Account.Authority} could not be reached, or the connection broke, while it was to {doing} {where}: {error.Message} Check account, and that this machine may reach it.", transient: true, error);

    private static bool IsTransient(RequestFailedException error) => error.Status is >= 500 or (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests || error.ErrorCode is "Md5Mismatch" or "OperationTimedOut";

    private static bool IsBroken(Exception? error) => error switch
    {
        null => false,
        AggregateException several => several.InnerExceptions.Any(IsBroken),
        HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException or RequestFailedException { Status: 0 or >= 500 or (int)HttpStatusCode.TooManyRequests } => true,
        _ => IsBroken(error.InnerException),
    };

    private static TimeSpan? RetryAfter(RequestFailedException error) =>
        error.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var text) == true && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    private static string Code(RequestFailedException error) => string.IsNullOrEmpty(error.ErrorCode) ? $"HTTP {error.Status}" : $"{error.ErrorCode}, HTTP {error.Status}";

    // The rest is the answer's headers and body.
    private static string FirstLine(Exception error) => error.Message.AsSpan().Trim() is var text && text.IndexOfAny('\r', '\n') is > 0 and var end ? text[..end].ToString() : text.ToString();

    private static ServiceException Final(string message, Exception inner) => new(message, transient: false, inner);
}
