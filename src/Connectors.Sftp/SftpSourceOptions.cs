using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;
using Etl.Core.Pipelines;

namespace Etl.Connectors.Sftp;

/// <summary>Which files of which SFTP server to read, who signs in, and how the server is known.</summary>
public sealed record SftpSourceOptions : IValidatableObject
{
    /// <summary>The server.</summary>
    [Description("The server's name or address")]
    [RegularExpression(@"^[A-Za-z0-9._:-]{1,255}$", ErrorMessage = "The host is a name or an address, with no sftp:// before it and no path after it.")]
    public required string Host { get; init; }

    /// <summary>Its port.</summary>
    [Description("The server's port")]
    [Range(1, 65535)]
    public int Port { get; init; } = 22;

    /// <summary>Who signs in.</summary>
    [Description("The user who signs in")]
    [StringLength(255, MinimumLength = 1)]
    public required string User { get; init; }

    /// <summary>The user's password.</summary>
    [Description("The user's password, from the environment: ${SFTP_PASSWORD}. Either this or key_file")]
    public Secret? Password { get; init; }

    /// <summary>The user's private key.</summary>
    [Description("A file with the user's private key, as ssh-keygen writes it; relative to the pipeline file. Either this or password")]
    [StringLength(4096, MinimumLength = 1)]
    public string? KeyFile { get; init; }

    /// <summary>What the private key is encrypted with.</summary>
    [Description("What the private key is encrypted with, from the environment")]
    public Secret? Passphrase { get; init; }

    /// <summary>The fingerprint of the server's key.</summary>
    [Description("The fingerprint of the server's key, such as SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8, as its owner confirms it. Either this or known_hosts")]
    [RegularExpression("^SHA256:[A-Za-z0-9+/]{43}=?$", ErrorMessage = "A fingerprint is written SHA256: and 43 letters, as `ssh-keygen -l` prints it.")]
    public string? HostKey { get; init; }

    /// <summary>A file that names the server's key.</summary>
    [Description("A file of known servers, as ~/.ssh/known_hosts; relative to the pipeline file. Either this or host_key")]
    [StringLength(4096, MinimumLength = 1)]
    public string? KnownHosts { get; init; }

    /// <summary>The folder to read.</summary>
    [Description("The folder to read, such as /outgoing/orders; one that starts without a slash is below the folder that signing in leads to, and so is everything when it is left out")]
    [StringLength(1024)]
    public string Folder { get; init; } = "";

    /// <summary>A glob on the file's path in the folder.</summary>
    [Description("A glob on the file's path in the folder: * within a folder, ** across folders, ?, [abc], {csv,tsv}. Everything, in its subfolders too, when left out")]
    [StringLength(1024)]
    [KeyPattern(ErrorMessage = "The pattern is not a glob: look at its [sets], such as [a-z].")]
    public string? Pattern { get; init; }

    /// <summary>Whether it is an error that no file matches.</summary>
    [Description("Whether it is an error that no file matches. Only a warning when left out")]
    public bool Required { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HostKey is null == KnownHosts is null)
            yield return new ValidationResult(HostKey is null
                ? $"the server must be known before anything is sent to it: name its key's fingerprint under host_key (`ssh-keyscan -p {Port} {Host} | ssh-keygen -lf -` shows it; have its owner confirm it), or a file under known_hosts"
                : "name either host_key or known_hosts", [nameof(HostKey)]);
        if (Password is null == KeyFile is null) yield return new ValidationResult("name either a password or a key_file to sign in with", [nameof(Password)]);
        if (Passphrase is not null && KeyFile is null) yield return new ValidationResult("passphrase goes with key_file", [nameof(Passphrase)]);
    }
}
