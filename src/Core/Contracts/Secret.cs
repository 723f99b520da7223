using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Etl.Core.Contracts;

/// <summary>A password, token or key among a connector's options. It prints as stars, and is no part of a pipeline's digest: with a new password it is the same pipeline.</summary>
[Description("a secret, best taken from the environment: ${NAME}")]
public sealed class Secret : IParsable<Secret>, IEquatable<Secret>
{
    private readonly string value;

    private Secret(string value) => this.value = value;

    /// <summary>The text itself, for whoever signs in with it. It must not be in any error, log or span.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public override string ToString() => "***";

    /// <inheritdoc/>
    public bool Equals(Secret? other) => other is not null && other.value == value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public static Secret Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var secret) ? secret : throw new FormatException("A secret cannot be empty.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Secret result)
    {
        result = string.IsNullOrEmpty(s) ? null : new Secret(s);
        return result is not null;
    }
}
