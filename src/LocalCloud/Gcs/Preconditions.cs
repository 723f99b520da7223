using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Gcs;

/// <summary>When a request may act (https://cloud.google.com/storage/docs/request-preconditions).</summary>
internal sealed record Preconditions(long? GenerationMatch, long? GenerationNotMatch, long? MetagenerationMatch, long? MetagenerationNotMatch)
{
    /// <summary>Those of a request's query.</summary>
    public static Preconditions Of(IQueryCollection query) =>
        new(Number(query, "ifGenerationMatch"), Number(query, "ifGenerationNotMatch"), Number(query, "ifMetagenerationMatch"), Number(query, "ifMetagenerationNotMatch"));

    /// <summary>Whether they hold for what is there.</summary>
    public bool Hold(GcsObject? found) =>
        (GenerationMatch is null || GenerationMatch == (found?.Generation ?? 0))
        && (GenerationNotMatch is null || GenerationNotMatch != (found?.Generation ?? 0))
        && (MetagenerationMatch is null || MetagenerationMatch == found?.Metageneration)
        && (MetagenerationNotMatch is null || MetagenerationNotMatch != found?.Metageneration);

    private static long? Number(IQueryCollection query, string name) =>
        !query.TryGetValue(name, out var text) ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new GcsRefusedException(400, "invalid", $"Invalid value for {name}.");
}
