using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Pipelines;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Testing;

/// <summary>A pipeline of parts in memory, for tests of the engine.</summary>
public sealed class PipelineBuilder
{
    public PipelineBuilder() => Load = new MemoryLoadSink(Staging);

    public MemorySource Source { get; } = new();

    public MemoryStateStore State { get; } = new();

    public MemoryStagingSink Staging { get; } = new();

    public MemoryLoadSink Load { get; }

    public List<ITransform> Transforms { get; } = [];

    public RejectLimit Rejects { get; set; } = RejectLimit.None;

    public string OptionsDigest { get; set; } = "options";

    public string SinksDigest { get; set; } = "sinks";

    public long SplitBytes { get; set; } = long.MaxValue / 4;

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public IncrementalOptions Incremental { get; set; } = new();

    public LeaseTerms Terms { get; set; } = new();

    public LimitOptions Limits { get; set; } = new();

    public ISource? OtherSource { get; set; }

    public IParser Parser { get; set; } = new LineParser();

    public IEncoder Encoder { get; set; } = new LineEncoder();

    /// <summary>How far the last run got.</summary>
    public RunProgress Progress { get; private set; } = new(TimeProvider.System);

    /// <summary>One run.</summary>
    public async Task<RunSummary> RunAsync(CancellationToken cancel = default, RunStop? stop = null)
    {
        var pipeline = Build();
        Progress = new RunProgress(Time);
        return await new RunEngine(pipeline, Progress, parallelism: 2, Terms, stop).RunAsync(cancel);
    }

    /// <summary>The pipeline, for what is not a run.</summary>
    public Pipeline Build() =>
        new()
        {
            Name = "lines",
            Source = OtherSource ?? Source,
            Parser = Parser,
            Transforms = Transforms,
            Staging = Staging,
            Loads = [Load],
            State = State,
            Encoders = _ => Encoder,
            Rejects = Rejects,
            OptionsDigest = OptionsDigest,
            SinksDigest = SinksDigest,
            Time = Time,
            SplitBytes = SplitBytes,
            Incremental = Incremental,
            Limits = Limits,
        };
}
