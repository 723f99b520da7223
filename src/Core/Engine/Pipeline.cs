using System.Text.Json.Serialization;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Pipelines;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>A pipeline's parts, made and ready to run. Disposing it disposes those that need it.</summary>
public sealed class Pipeline : IAsyncDisposable
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>Where objects come from.</summary>
    public required ISource Source { get; init; }

    /// <summary>What reads them.</summary>
    public required IParser Parser { get; init; }

    /// <summary>What changes the rows, in order.</summary>
    public required IReadOnlyList<ITransform> Transforms { get; init; }

    /// <summary>Where staged files go.</summary>
    public required IStagingSink Staging { get; init; }

    /// <summary>The columns by whose values staged files are put into folders, outermost first; empty for no such folders.</summary>
    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    /// <summary>Where they are loaded.</summary>
    public required IReadOnlyList<ILoadSink> Loads { get; init; }

    /// <summary>Where state is kept.</summary>
    public required IStateStore State { get; init; }

    /// <summary>Makes the encoder of the staging sink's encoding; not called for <see cref="StagingFormat.Passthrough"/>.</summary>
    public required Func<StagingEncoding, IEncoder> Encoders { get; init; }

    /// <summary>How many rows may be rejected.</summary>
    public required RejectLimit Rejects { get; init; }

    /// <summary>SHA-256 of all options, and of what transforms are pinned to, in hex: another value means another pipeline, though it has the same name.</summary>
    public required string OptionsDigest { get; init; }

    /// <summary>SHA-256 of the sinks' options alone, in hex.</summary>
    public required string SinksDigest { get; init; }

    /// <summary>Bytes in a split of a large object whose records can be found from any byte on.</summary>
    public long SplitBytes { get; init; } = SplitPlan.SplitBytes;

    /// <summary>How far a run may go.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>The report that runs leave; null for none.</summary>
    public ReportOptions? Report { get; init; }

    /// <summary>Makes the report's page; null when nobody does.</summary>
    public Func<RunDetails, byte[]>? ReportPage { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>What must be true of the staged rows; null for nothing.</summary>
    public AssertOptions? Assert { get; init; }

    /// <summary>Which objects a run reads.</summary>
    public IncrementalOptions Incremental { get; init; } = new();

    /// <summary>Which metadata columns rows get.</summary>
    public MetadataOptions Metadata { get; init; } = new();

    /// <summary>How objects loaded before are told from new ones: as the options say, or as the sinks' write modes need it.</summary>
    public IncrementalMode Mode => Incremental.Mode ?? IncrementalRules.DefaultMode(Loads.Select(l => l.Terms.Write));

    /// <summary>What happens to objects that changed after they were loaded: as the options say, or as the sinks' write modes allow.</summary>
    public ChangedObject Changed => Incremental.Changed ?? IncrementalRules.DefaultChanged([.. Loads.Select(l => l.Terms.Write)]);

    /// <summary>Its records, read and written with retries of their own: for what is not a run.</summary>
    internal RunRecords Records() => Records(Retry.Create(Time, Limits.Retries));

    /// <summary>Its records, whose retries count with those of a run.</summary>
    internal RunRecords Records(Polly.ResiliencePipeline retry) => new(new RetryingStateStore(State, retry), Name);

    /// <summary>Makes the parts of <paramref name="definition"/>. Nothing is opened yet.</summary>
    public static Pipeline Create(PipelineDefinition definition, ConnectorContext context, Func<StagingEncoding, IEncoder> encoders, Func<RunDetails, byte[]>? reportPage = null)
    {
        T Make<T>(ConnectorBlock block) => (T)block.Connector.Create(block.Options, context);

        ConnectorBlock[] sinks = [definition.Staging, .. definition.Loads];
        List<ITransform> transforms = [.. definition.Transforms.Select(Make<ITransform>)];
        List<string> pins = [.. transforms.OfType<IPinned>().Select(t => t.Pin)];
        return new Pipeline
        {
            Name = definition.Name,
            Source = Make<ISource>(definition.Source),
            Parser = Make<IParser>(definition.Parser),
            Transforms = transforms,
            Staging = context.Shared(_ => Make<IStagingSink>(definition.Staging)),
            PartitionBy = (definition.Staging.Options as IPartitioning)?.PartitionBy ?? [],
            Loads = [.. definition.Loads.Select(Make<ILoadSink>)],
            State = definition.State is { } state ? Make<IStateStore>(state) : definition.Staging.Connector.DefaultState!(definition.Staging.Options, context),
            Encoders = encoders,
            SplitBytes = (definition.Parser.Options as ISplitting)?.SplitSize?.Bytes ?? SplitPlan.SplitBytes,
            Rejects = (definition.Parser.Options as IRejecting)?.Rejects.Max ?? RejectLimit.None,
            Assert = definition.Assert,
            OptionsDigest = Digested.Of([definition.Source, definition.Parser, .. definition.Transforms, .. sinks], definition.Assert, definition.Metadata, pins.Count == 0 ? null : pins),
            SinksDigest = Digested.Of(sinks),
            Metadata = definition.Metadata ?? new MetadataOptions(),
            Incremental = definition.Incremental,
            Report = context.Settings<ReportOptions>() ?? new ReportOptions(),
            ReportPage = reportPage,
            Limits = context.Settings<LimitOptions>() ?? new LimitOptions(),
            Time = context.Time,
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in new object[] { Source, Parser, Staging, State }.Concat(Transforms).Concat(Loads))
            if (part is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync().ConfigureAwait(false);
            else if (part is IDisposable disposable) disposable.Dispose();
    }

    // Records, not anonymous types: a property that cannot be set is no part of the canonical form.
    private sealed record Digested(IReadOnlyList<DigestedBlock> Blocks, AssertOptions? Assert, MetadataOptions? Metadata, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Pins)
    {
        public static string Of(IEnumerable<ConnectorBlock> blocks, AssertOptions? assert = null, MetadataOptions? metadata = null, IReadOnlyList<string>? pins = null) =>
            ManifestJson.Digest(new Digested([.. blocks.Select(b => new DigestedBlock(b.Connector.Name, b.Options))], assert, metadata, pins));
    }

    private sealed record DigestedBlock(string Name, object Options);
}
