using System.Globalization;
using System.Text;
using Etl.LocalCloud.Identity;
using Etl.LocalCloud.Storage;

namespace Etl.LocalCloud.S3;

/// <summary>ListObjectsV2, and version 1 for clients that still ask so (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html).</summary>
internal sealed class S3Listing(S3Store store)
{
    private const int LargestPage = 1000;

    public Task ListAsync(S3Request request)
    {
        var second = request.Parameter("list-type") == "2";
        var prefix = request.Parameter("prefix") ?? "";
        var delimiter = request.Parameter("delimiter") ?? "";
        if (!int.TryParse(request.Parameter("max-keys") ?? "1000", NumberStyles.None, CultureInfo.InvariantCulture, out var most))
            throw new AwsRefusedException("InvalidArgument", "Provided max-keys not an integer or within integer range", 400);
        var after = second ? Decode(request.Parameter("continuation-token")) ?? request.Parameter("start-after") ?? "" : request.Parameter("marker") ?? "";
        var page = Page(store.List(request.Bucket, prefix), prefix, delimiter, after, Math.Min(most, LargestPage));

        string Encoded(string text) => request.Parameter("encoding-type") == "url" ? Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal) : text;

        var answer = S3Xml.Element("ListBucketResult",
            S3Xml.Element("Name", request.Bucket), S3Xml.Element("Prefix", Encoded(prefix)), S3Xml.Element("MaxKeys", most), S3Xml.Element("IsTruncated", page.Next is not null ? "true" : "false"));
        if (delimiter.Length > 0) answer.Add(S3Xml.Element("Delimiter", Encoded(delimiter)));
        if (request.Parameter("encoding-type") is { } encoding) answer.Add(S3Xml.Element("EncodingType", encoding));
        if (second)
        {
            answer.Add(S3Xml.Element("KeyCount", page.Objects.Count + page.Prefixes.Count));
            if (request.Parameter("continuation-token") is { } token) answer.Add(S3Xml.Element("ContinuationToken", token));
            if (page.Next is not null) answer.Add(S3Xml.Element("NextContinuationToken", Convert.ToBase64String(Encoding.UTF8.GetBytes(page.Next))));
        }
        else
        {
            answer.Add(S3Xml.Element("Marker", Encoded(after)));
            if (page.Next is not null) answer.Add(S3Xml.Element("NextMarker", Encoded(page.Next)));
        }

        answer.Add(page.Objects.Select(o => S3Xml.Element("Contents",
            S3Xml.Element("Key", Encoded(o.Key)), S3Xml.Element("LastModified", S3Xml.Time(o.Modified)), S3Xml.Element("ETag", o.ETag), S3Xml.Element("Size", o.Length), S3Xml.Element("StorageClass", "STANDARD"))));
        answer.Add(page.Prefixes.Select(p => S3Xml.Element("CommonPrefixes", S3Xml.Element("Prefix", Encoded(p)))));
        return S3Xml.WriteAsync(request.Context, answer);
    }

    private static (List<S3Object> Objects, List<string> Prefixes, string? Next) Page(IReadOnlyList<S3Object> all, string prefix, string delimiter, string after, int most)
    {
        var objects = new List<S3Object>();
        var prefixes = new List<string>();
        string? last = null;
        foreach (var item in all)
        {
            var end = delimiter.Length == 0 ? -1 : item.Key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
            var shown = end < 0 ? item.Key : item.Key[..(end + delimiter.Length)];
            if (Utf8Order.Instance.Compare(shown, after) <= 0 || (end >= 0 && after.StartsWith(shown, StringComparison.Ordinal)) || shown == last) continue;
            if (objects.Count + prefixes.Count == most) return (objects, prefixes, most == 0 ? null : last);
            last = shown;
            if (end < 0) objects.Add(item);
            else prefixes.Add(shown);
        }

        return (objects, prefixes, null);
    }

    private static string? Decode(string? token)
    {
        try
        {
            return token is null ? null : Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw new AwsRefusedException("InvalidArgument", "The continuation token provided is incorrect", 400);
        }
    }
}
