using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Etl.Connectors.Http;

/// <summary>Which files of which web servers to read.</summary>
public sealed record HttpSourceOptions : IValidatableObject
{
    /// <summary>The files' URLs.</summary>
    [Description("The URLs, http or https. {1..12} stands for each of the numbers, {01..12} for them with leading zeros, {a,b} for each of the words")]
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The environment variable that holds the Authorization header.</summary>
    [Description("The environment variable that holds the Authorization header, such as one that says Bearer and a token. It is sent to the hosts of urls over https only, and not to where they redirect")]
    [RegularExpression("^[A-Za-z_][A-Za-z0-9_]*$", ErrorMessage = "Name an environment variable, such as API_AUTHORIZATION; the secret itself is not written here.")]
    public string? AuthorizationVariable { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Urls.Count == 0) yield return new ValidationResult("urls lists none", [nameof(Urls)]);
        foreach (var url in Urls)
            if (UrlPattern.Problem(url) is { } problem) yield return new ValidationResult(problem, [nameof(Urls)]);
    }
}
