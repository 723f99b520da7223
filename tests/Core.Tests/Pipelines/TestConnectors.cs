using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Core.Tests.Pipelines;

/// <summary>Connectors that only have options, for tests of the pipeline file.</summary>
internal static class TestConnectors
{
    public static ConnectorRegistry Registry() => new ConnectorRegistry()
        .AddSettings<CloudOptions>("cloud", "Sign-in.")
        .AddSource<BucketOptions>("bucket", "A bucket.", (_, _) => throw new InvalidOperationException())
        .AddParser<TextOptions>("text", "Text.", (_, _) => throw new InvalidOperationException())
        .AddTransform<NoOptions>("upper", "Upper case.", (_, _) => throw new InvalidOperationException())
        .AddStagingSink<NoOptions>("store", "A store.", "mem", (_, _) => throw new InvalidOperationException(), (_, _) => throw new InvalidOperationException())
        .AddStagingSink<NoOptions>("disk", "A disk.", "file", (_, _) => throw new InvalidOperationException(), (_, _) => throw new InvalidOperationException())
        .AddLoadSink<TableOptions>("table", "A table.", "mem", (_, _) => throw new InvalidOperationException())
        .AddStateStore<NoOptions>("folder", "A folder.", (_, _) => throw new InvalidOperationException());
}

internal sealed record NoOptions;

internal sealed record CloudOptions
{
    [Description("the credentials file")]
    public required string Credentials { get; init; }
}

internal sealed record BucketOptions
{
    [Description("the bucket's name")]
    public required string Bucket { get; init; }

    public string Prefix { get; init; } = "";

    public bool PathStyle { get; init; }

    public Uri? Endpoint { get; init; }
}

internal sealed record TextOptions
{
    [Range(1, 1000)]
    public int Lines { get; init; } = 10;

    public bool? Header { get; init; }

    public RejectOptions Rejects { get; init; } = new();

    public IReadOnlyList<TextColumn> Columns { get; init; } = [];
}

internal sealed record TextColumn
{
    public required string Name { get; init; }

    public ColumnType Type { get; init; } = ColumnType.String;
}

internal sealed record TableOptions : IValidatableObject, IWriting
{
    public required string Table { get; init; }

    public WriteDisposition Write { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Key { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Key.Count > 3) yield return new ValidationResult("at most three key columns", [nameof(Key)]);
    }
}
