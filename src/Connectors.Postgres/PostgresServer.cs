using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.Connectors.Postgres;

/// <summary>Where a PostgreSQL database is and who signs in.</summary>
public abstract record PostgresServer
{
    /// <summary>The server.</summary>
    [Description("The server's name or address, or the folder of its Unix socket")]
    [StringLength(255, MinimumLength = 1)]
    public required string Host { get; init; }

    /// <summary>Its port.</summary>
    [Description("The server's port")]
    [Range(1, 65535)]
    public int Port { get; init; } = 5432;

    /// <summary>The database.</summary>
    [Description("The database")]
    [StringLength(63, MinimumLength = 1)]
    public required string Database { get; init; }

    /// <summary>Who signs in.</summary>
    [Description("The user who signs in; PGUSER or this machine's user when left out")]
    [StringLength(63, MinimumLength = 1)]
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    [Description("The user's password, from the environment: ${DB_PASSWORD}. PGPASSWORD or ~/.pgpass (PGPASSFILE) when left out")]
    public Secret? Password { get; init; }

    /// <summary>Whether the connection is encrypted and the server known.</summary>
    [Description("Whether the connection is encrypted: verify_full also makes sure that it is the server that its certificate names")]
    public PostgresEncryption Encryption { get; init; } = PostgresEncryption.Prefer;
}

/// <summary>Whether a connection is encrypted (https://www.postgresql.org/docs/current/libpq-ssl.html).</summary>
public enum PostgresEncryption
{
    /// <summary>When the server can.</summary>
    [Description("encrypted when the server can")]
    Prefer,

    /// <summary>Never.</summary>
    [Description("never encrypted")]
    Disable,

    /// <summary>Always; the certificate is not looked at.</summary>
    [Description("always encrypted; the certificate is not looked at")]
    Require,

    /// <summary>Always, and the certificate must be the server's.</summary>
    [Description("always encrypted, and the certificate must be the server's own")]
    VerifyFull,
}
