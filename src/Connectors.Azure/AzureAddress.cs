using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using Etl.Core.Contracts;

namespace Etl.Connectors.Azure;

/// <summary>A container, and who signs in to it: the identity of the machine or the person when neither a key nor a token is named.</summary>
public abstract record AzureAddress : IValidatableObject
{
    /// <summary>The account's blob endpoint.</summary>
    [Description("The account's blob endpoint, such as https://acme.blob.core.windows.net")]
    public required Uri Account { get; init; }

    /// <summary>The container's name.</summary>
    [Description("The container's name")]
    [RegularExpression("^([a-z0-9](-?[a-z0-9]){2,62}|\\$root|\\$web)$", ErrorMessage = "A container name has 3 to 63 small letters, digits and single hyphens, with no https:// before it and no path after it.")]
    public required string Container { get; init; }

    /// <summary>One of the account's keys.</summary>
    [Description("One of the account's keys, from the environment: ${AZURE_STORAGE_KEY}. Better left out: then the identity of the machine or the person signs in")]
    public Secret? AccountKey { get; init; }

    /// <summary>A shared access signature.</summary>
    [Description("A shared access signature for the account or the container, from the environment: ${AZURE_STORAGE_SAS_TOKEN}. Either this, or account_key, or neither")]
    public Secret? SasToken { get; init; }

    /// <summary>The container's address, for people, as <c>az://acme.blob.core.windows.net/container</c>.</summary>
    internal string Root => $"az://{Account.Authority}{Account.AbsolutePath.TrimEnd('/')}/{Container}";

    /// <summary>The account's name: the first label of the host, or the first folder of the path where the host is an address, as of an emulator.</summary>
    internal string AccountName => IsEmulator ? Account.AbsolutePath.Trim('/') : Account.Host.Split('.')[0];

    private bool IsEmulator => Account.IsLoopback || IPAddress.TryParse(Account.Host, out _);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Account.IsAbsoluteUri || Account.Scheme is not ("https" or "http") || Account.Host.Length == 0)
        {
            yield return new ValidationResult("account is the URL of the account's blobs, such as https://acme.blob.core.windows.net", [nameof(Account)]);
            yield break;
        }

        if (Account.Query.Length > 0 || Account.UserInfo.Length > 0 || Account.Fragment.Length > 0) yield return new ValidationResult("account holds more than an address; put what signs in under sas_token or account_key, from the environment", [nameof(Account)]);
        else if (!IsEmulator && Account.AbsolutePath != "/") yield return new ValidationResult("account has a path after the host; the container goes under container, what is in it under prefix", [nameof(Account)]);
        else if (Account.IsLoopback && !IPAddress.TryParse(Account.Host, out _)) yield return new ValidationResult("write 127.0.0.1 for localhost: Azure's library takes the first part of a name for the account", [nameof(Account)]);
        else if (IsEmulator && (AccountName.Length == 0 || AccountName.Contains('/', StringComparison.Ordinal))) yield return new ValidationResult("account needs the account's name as its path here, such as http://127.0.0.1:10000/devstoreaccount1", [nameof(Account)]);
        if (Account.Scheme == "http" && !Account.IsLoopback) yield return new ValidationResult("account is not https, and what signs in would be sent for anyone to read", [nameof(Account)]);
        else if (Account.Scheme == "http" && AccountKey is null && SasToken is null) yield return new ValidationResult("an emulator without https takes an account_key or a sas_token", [nameof(Account)]);
        if (AccountKey is not null && SasToken is not null) yield return new ValidationResult("name either account_key or sas_token", [nameof(AccountKey)]);
        if (AccountKey is { } key && !Convert.TryFromBase64String(key.Reveal(), new byte[key.Reveal().Length], out _)) yield return new ValidationResult("account_key is not base64: it is the AccountKey of a connection string, and not the whole of one", [nameof(AccountKey)]);
        if (SasToken?.Reveal().Contains("sig=", StringComparison.Ordinal) == false) yield return new ValidationResult("sas_token has no sig=: it is the part of a URL after the question mark", [nameof(SasToken)]);
    }
}
