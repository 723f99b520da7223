using System.Text.Json.Serialization;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Core.State;

namespace Etl.Core.Runs;

/// <summary>What a run will read, with which schema, to where: written before anything is staged, and never changed. Planning the same input again gives the same manifest.</summary>
public sealed class RunManifest
{
    /// <summary>The layout of this document; a reader refuses a newer one.</summary>
    public const int CurrentVersion = 1;

    /// <summary><see cref="CurrentVersion"/> when it was written.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>What was committed before this one, or null: so that loading the same input on purpose, later, is another run.</summary>
    public required string? After { get; init; }

    /// <summary>With a watermark, how far the pipeline has read once this run is committed; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Watermark? Watermark { get; init; }

    /// <summary>The addresses of objects of this run whose earlier rows the load removes from the table; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Replaces { get; init; }

    /// <summary>SHA-256 of the options of source, transforms and sinks, in hex.</summary>
    public required string OptionsDigest { get; init; }

    /// <summary>SHA-256 of the options of the sinks alone: a run left in its commit is finished only to where it was going.</summary>
    public required string SinksDigest { get; init; }

    /// <summary>The columns as parsed.</summary>
    public required TableSchema SourceSchema { get; init; }

    /// <summary>The columns after the transforms: those of the staged files and the table.</summary>
    public required TableSchema Schema { get; init; }

    /// <summary>The columns after the transforms that have another name in the staged files and the table, by the name they have before; null as a name: left out. Null when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string?>? Placed { get; init; }

    /// <summary>How <see cref="Schema"/> differs from the tables, as they were when the run was planned, and what becomes of it; only tables that differ. Null when none does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TableDifference>? Differences { get; init; }

    /// <summary>How staged files are written.</summary>
    public required StagingEncoding Encoding { get; init; }

    /// <summary>The columns by whose values files are put into folders, outermost first; null when they are not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? PartitionBy { get; init; }

    /// <summary>With <see cref="StagingFormat.Passthrough"/>, how every object is written; otherwise null.</summary>
    public ObjectDialect? Dialect { get; init; }

    /// <summary>What the stage tasks read, one task each.</summary>
    public required IReadOnlyList<Split> Splits { get; init; }

    /// <summary>The run's identity: 20 hex digits of the SHA-256 of this manifest in canonical JSON. Object names and load jobs follow from it.</summary>
    public string RunId => runId.Value;

    private readonly Lazy<string> runId;

    /// <summary>A manifest to fill.</summary>
    public RunManifest() => runId = new Lazy<string>(() => ManifestJson.Digest(this)[..20]);
}

/// <summary>A piece of one object that one stage task reads.</summary>
/// <param name="Index">0-based, unique in the run.</param>
/// <param name="Object">The object.</param>
/// <param name="Range">Its bytes.</param>
public sealed record Split(int Index, SourceObject Object, ByteRange Range)
{
    /// <summary>Its stored bytes.</summary>
    public long Bytes => Range.Length ?? Object.Length;
}
