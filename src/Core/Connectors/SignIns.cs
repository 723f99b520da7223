using System.Collections.Concurrent;

namespace Etl.Core.Connectors;

/// <summary>The sign-ins of a run, for whoever shows how it stands. Connectors note theirs; never the token. Safe from any thread.</summary>
public sealed class SignIns
{
    private readonly ConcurrentDictionary<string, SignIn> all = new(StringComparer.Ordinal);

    /// <summary>Those of this run.</summary>
    public static SignIns Of(ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Shared(_ => new SignIns());
    }

    /// <summary>The newest sign-in to each service, by its name.</summary>
    public IReadOnlyList<SignIn> All => [.. all.Values.OrderBy(s => s.Service, StringComparer.Ordinal)];

    /// <summary>Notes a sign-in.</summary>
    /// <param name="service">The service, such as <c>Google Cloud</c>.</param>
    /// <param name="until">Until when its token serves.</param>
    public void Note(string service, DateTimeOffset until) => all[service] = new SignIn(service, until);
}

/// <summary>A sign-in.</summary>
/// <param name="Service">The service, such as <c>Google Cloud</c>.</param>
/// <param name="Until">Until when its token serves; it is renewed before.</param>
public sealed record SignIn(string Service, DateTimeOffset Until);
