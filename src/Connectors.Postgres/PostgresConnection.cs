using Etl.Core.Errors;
using Npgsql;

namespace Etl.Connectors.Postgres;

/// <summary>Opens connections, and says in words what went wrong with them.</summary>
internal sealed class PostgresConnection(PostgresServer server)
{
    /// <summary>The database, for people.</summary>
    public string Name { get; } = $"{server.Database} at {server.Host}:{server.Port}";

    /// <summary>A connection in UTC, with dates and numbers written in the one way that Etl reads.</summary>
    /// <exception cref="ServiceException">The server cannot be reached, or refuses.</exception>
    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancel)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = server.Host,
            Port = server.Port,
            Database = server.Database,
            SslMode = server.Encryption switch
            {
                PostgresEncryption.Disable => SslMode.Disable,
                PostgresEncryption.Require => SslMode.Require,
                PostgresEncryption.VerifyFull => SslMode.VerifyFull,
                _ => SslMode.Prefer,
            },
            ApplicationName = "etl",
            // One connection at a time, and none kept: what a transaction leaves on a connection ends with it.
            Pooling = false,
            // A load takes as long as it takes; the run's own limit ends it.
            CommandTimeout = 0,
            Timezone = "UTC",
            Options = "-c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=1 -c bytea_output=hex",
            IncludeErrorDetail = false,
        };
        if (server.User is not null) builder.Username = server.User;
        if (server.Password is not null) builder.Password = server.Password.Reveal();
        var connection = new NpgsqlConnection(builder.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw Explain(e, "sign in to");
        }
    }

    /// <summary>What went wrong, in words; never with a value of the data, which PostgreSQL's messages may quote.</summary>
    /// <param name="error">The driver's exception.</param>
    /// <param name="doing">What was being done, before the database's name.</param>
    public Exception Explain(Exception error, string doing) => error switch
    {
        EtlException => error,
        PostgresException { SqlState: "28P01" or "28000" } e => Final($"PostgreSQL does not let this user {doing} {Name}: {e.MessageText}. Check user and password.", e),
        PostgresException { SqlState: "3D000" } e => Final($"There is no database {server.Database} at {server.Host}:{server.Port}. Check its spelling, or make it: createdb {server.Database}.", e),
        PostgresException { SqlState: "42501" } e => Final($"PostgreSQL refused to {doing} {Name}: {e.MessageText}. Grant the user what is missing, and run again.", e),
        PostgresException e when e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal) =>
            new DataException($"PostgreSQL did not {doing} {Name}, and the table is as it was: {Kind(e)}{(e.ColumnName is null ? "" : $", column {e.ColumnName}")}{(e.ConstraintName is null ? "" : $", constraint {e.ConstraintName}")} (SQLSTATE {e.SqlState}). Compare the columns' types and constraints with the data; the server's log may show the value.", e),
        PostgresException e => new ServiceException($"PostgreSQL did not {doing} {Name}, and the table is as it was: {e.MessageText} (SQLSTATE {e.SqlState}).", e.IsTransient, e),
        NpgsqlException { InnerException: System.Net.Sockets.SocketException } e => new ServiceException($"PostgreSQL at {server.Host}:{server.Port} cannot be reached: {e.InnerException!.Message} Check host and port, and that it listens.", transient: true, e),
        NpgsqlException e when e.Message.Contains("password", StringComparison.OrdinalIgnoreCase) => Final($"PostgreSQL asks for a password to {doing} {Name}, and there is none. Set password, PGPASSWORD, or a line of ~/.pgpass.", e),
        NpgsqlException e => new ServiceException($"The connection to PostgreSQL at {server.Host}:{server.Port} broke while it was to {doing} {server.Database}: {e.Message}", transient: true, e),
        IOException or TimeoutException => new ServiceException($"The connection to PostgreSQL at {server.Host}:{server.Port} broke while it was to {doing} {server.Database}: {error.Message}", transient: true, error),
        _ => error,
    };

    private static string Kind(PostgresException e) => e.SqlState switch
    {
        "22003" => "a number is out of the range of its column",
        "22001" => "a text is longer than its column takes",
        "22P02" => "a text is none of its column's type",
        "22021" => "a text holds what the database's encoding does not have",
        "23505" => "a row with that key is there already",
        "23502" => "a column that must have a value has none",
        "23503" => "a row refers to another that is not there",
        "23514" => "a row breaks a check of the table",
        _ => "a value does not fit",
    };

    private static ServiceException Final(string message, Exception inner) => new(message, transient: false, inner);
}
