using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.Connectors.Http;

/// <summary>Which files of which web servers to read.</summary>
public sealed record HttpSourceOptions : IValidatableObject
{
    /// <summary>The files' URLs.</summary>
    [Description("The URLs, http or https. {1..12} stands for each of the numbers, {01..12} for them with leading zeros, {a,b} for each of the words")]
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>What the Authorization header says.</summary>
    [Description("What the Authorization header says, such as Bearer and a token, from the environment: ${API_AUTHORIZATION}. It is sent to the hosts of urls over https only, and not to where they redirect")]
    public Secret? Authorization { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Urls.Count == 0) yield return new ValidationResult("urls lists none", [nameof(Urls)]);
        if (Authorization?.Reveal().AsSpan().ContainsAny('\r', '\n') == true) yield return new ValidationResult("authorization has several lines, and is one header", [nameof(Authorization)]);
        foreach (var url in Urls)
            if (UrlPattern.Problem(url) is { } problem) yield return new ValidationResult(problem, [nameof(Urls)]);
    }
}
