using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Etl.Core.Transforms;

/// <summary>Options of the transform <c>mask</c>.</summary>
public sealed record MaskOptions : IValidatableObject
{
    /// <summary>The columns to mask.</summary>
    [Required]
    [MinLength(1)]
    [Description("The columns to mask")]
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>What to put in a value's place.</summary>
    [Required]
    [Description("What to put in a value's place: sha256 (a hash in hex), redact (NULL), or truncate (its first characters)")]
    public required MaskMethod With { get; init; }

    /// <summary>The key of the hash.</summary>
    [MinLength(16, ErrorMessage = "salt must have 16 characters at least; take a random one from the environment, such as ${ETL_MASK_SALT}")]
    [Description("With sha256: a secret of 16 characters or more, such as ${ETL_MASK_SALT}; without one, whoever guesses a value can look up its hash")]
    public string? Salt { get; init; }

    /// <summary>How many characters stay.</summary>
    [Range(0, 1_000_000)]
    [Description("With truncate: how many characters stay")]
    public int? Keep { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (With == MaskMethod.Truncate != Keep is not null)
            yield return new ValidationResult(Keep is null ? "truncate needs keep, the number of characters that stay" : "keep goes with truncate", [nameof(Keep)]);
        if (Salt is not null && With != MaskMethod.Sha256)
            yield return new ValidationResult("salt goes with sha256", [nameof(Salt)]);
    }
}

/// <summary>What to put in a masked value's place.</summary>
public enum MaskMethod
{
    /// <summary>HMAC-SHA-256 (RFC 2104) under the salt, or plain SHA-256 without one, in 64 hex digits: equal values stay equal.</summary>
    [Description("a hash in 64 hex digits; equal values stay equal")]
    Sha256,

    /// <summary>NULL.</summary>
    [Description("NULL")]
    Redact,

    /// <summary>The first characters.</summary>
    [Description("the first characters")]
    Truncate,
}
