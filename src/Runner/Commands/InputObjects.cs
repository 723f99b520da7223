using Etl.Connectors.Aws.S3;
using Etl.Connectors.Local.Files;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary>An object that a command names.</summary>
/// <param name="Source">Where it is.</param>
/// <param name="Object">The object.</param>
internal sealed record InputObject(ISource Source, SourceObject Object);

/// <summary>Finds the object that a command names: a path, or <c>s3://bucket/key</c>.</summary>
internal static class InputObjects
{
    /// <summary>A local file.</summary>
    public static Task<InputObject> FileAsync(string path, CancellationToken cancel) =>
        FirstAsync(new FileSource(new FileSourceOptions { Path = path }, Contexts.ForCommand("convert", local: false)), path, cancel);

    /// <summary>A local file or an object in S3.</summary>
    public static Task<InputObject> FindAsync(string uri, ConnectorContext context, CancellationToken cancel)
    {
        if (!uri.StartsWith("s3://", StringComparison.Ordinal)) return FileAsync(uri, cancel);
        var (bucket, key) = uri[5..].Split('/', 2) is [var b, { Length: > 0 } k] ? (b, k) : throw new DataException($"{uri} names no object; write s3://bucket/key.");
        return FirstAsync(new S3Source(new S3Options { Bucket = bucket, Prefix = key }, context), uri, cancel);
    }

    private static async Task<InputObject> FirstAsync(ISource source, string what, CancellationToken cancel)
    {
        await foreach (var found in source.ListAsync(cancel)) return new InputObject(source, found);
        throw new DataException($"There is no object {what}; check the name.");
    }
}
