using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Pipelines;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.TestSupport;

/// <summary>A pipeline of parts in memory, for tests of the engine.</summary>
public sealed class PipelineBuilder
{
    public PipelineBuilder() => Load = new MemoryLoadSink(Staging);

    public MemorySource Source { get; } = new();

    public MemoryStateStore State { get; } = new();

    public MemoryStagingSink Staging { get; } = new();

    public MemoryLoadSink Load { get; }

    /// <summary>Load sinks beside <see cref="Load"/>.</summary>
    public List<ILoadSink> OtherLoads { get; } = [];

    public AssertOptions? Assert { get; set; }

    public List<ITransform> Transforms { get; } = [];

    public RejectLimit Rejects { get; set; } = RejectLimit.None;

    public string OptionsDigest { get; set; } = "options";

    public string SinksDigest { get; set; } = "sinks";

    public long SplitBytes { get; set; } = long.MaxValue / 4;

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public IncrementalOptions Incremental { get; set; } = new();

    public MetadataOptions Metadata { get; set; } = new();

    public LeaseTerms Terms { get; set; } = new();

    public LimitOptions Limits { get; set; } = new();

    public IReadOnlyList<string> PartitionBy { get; set; } = [];

    public ReportOptions? Report { get; set; }

    public Func<RunDetails, byte[]>? ReportPage { get; set; }

    public ISource? OtherSource { get; set; }

    public IParser Parser { get; set; } = new LineParser();

    public IEncoder Encoder { get; set; } = new LineEncoder();

    /// <summary>How far the last run got.</summary>
    public RunProgress Progress { get; private set; } = new(TimeProvider.System);

    /// <summary>One run.</summary>
    public Task<RunSummary> RunAsync(CancellationToken cancel = default) => Engine().RunAsync(cancel);

    /// <summary>The engine of one process.</summary>
    public RunEngine Engine(RunStop? stop = null)
    {
        Progress = new RunProgress(Time);
        return new RunEngine(Build(), Progress, parallelism: 2, Terms, stop);
    }

    /// <summary>The stage tasks, one process each, side by side.</summary>
    public async Task StageAsync(int of, params IEnumerable<int> tasks) =>
        await Task.WhenAll(tasks.Select(task => new RunEngine(Build(), new RunProgress(Time), parallelism: 2).StageAsync(new TaskShare(task, of), null, default)));

    /// <summary>The pipeline, for what is not a run.</summary>
    public Pipeline Build() =>
        new()
        {
            Name = "lines",
            Source = OtherSource ?? Source,
            Parser = Parser,
            Transforms = Transforms,
            Staging = Staging,
            PartitionBy = PartitionBy,
            Loads = [Load, .. OtherLoads],
            Assert = Assert,
            State = State,
            Encoders = _ => Encoder,
            Rejects = Rejects,
            OptionsDigest = OptionsDigest,
            SinksDigest = SinksDigest,
            Time = Time,
            SplitBytes = SplitBytes,
            Incremental = Incremental,
            Metadata = Metadata,
            Limits = Limits,
            Report = Report,
            ReportPage = ReportPage,
        };
}
