using System.Globalization;
using System.Net.Http.Headers;

namespace Etl.Connectors.Http;

/// <summary>What tells one version of a file from another (RFC 9110, 8.8): a strong ETag, else the time of its last change.</summary>
/// <param name="Text">As it stands in the manifest.</param>
internal readonly record struct FileVersion(string Text)
{
    private const string ChangedAt = "last-modified ";

    /// <summary>The version that an answer states; null when it states none. A weak ETag is none: it may stand for other bytes that mean the same.</summary>
    public static FileVersion? Of(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? new FileVersion(tag.Tag)
        : response.Content.Headers.LastModified is { } changed ? new FileVersion(ChangedAt + changed.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture))
        : null;

    /// <summary>Has the server refuse when it has another version by now.</summary>
    public void Demand(HttpRequestHeaders headers)
    {
        if (Text.StartsWith(ChangedAt, StringComparison.Ordinal)) headers.IfUnmodifiedSince = DateTimeOffset.ParseExact(Text[ChangedAt.Length..], "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        else headers.IfMatch.Add(new EntityTagHeaderValue(Text));
    }
}
