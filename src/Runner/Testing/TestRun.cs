using System.Text.Json;
using Etl.Connectors.Local.Files;
using Etl.Connectors.Local.State;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Runner.Hosting;

namespace Etl.Runner.Testing;

/// <summary>What became of a test's object.</summary>
/// <param name="Schema">The columns after the transforms.</param>
/// <param name="Rows">The rows after the transforms, as text.</param>
/// <param name="Rejects">The rejected rows, in order.</param>
/// <param name="Filtered">Rows that a transform left out.</param>
/// <param name="Error">What ended the run; null when nothing did.</param>
internal sealed record TestOutcome(TableSchema Schema, IReadOnlyList<string?[]> Rows, IReadOnlyList<Reject> Rejects, long Filtered, string? Error);

/// <summary>Puts one object through a pipeline: the engine, the parser and the transforms are the real ones; source and sinks are not, and no cloud is asked.</summary>
internal static class TestRun
{
    /// <summary>The time that tests are at, so that <c>loaded_at</c> is always the same.</summary>
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<TestOutcome> RunAsync(PipelineDefinition definition, string name, byte[] content, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("etl-test-");
        try
        {
            var rows = new RowCapture();
            await using var pipeline = Make(definition, new TestObject(name, content), rows, folder.FullName);
            var summary = await new RunEngine(pipeline, new RunProgress(TimeProvider.System), parallelism: 1).RunAsync(cancel);
            var rejects = summary.Receipts.SelectMany(r => r.DeadLetters).SelectMany(File.ReadLines).Select(line => JsonSerializer.Deserialize<Reject>(line, JsonSerializerOptions.Web)!);
            return new TestOutcome(summary.Run?.Schema ?? TableSchema.Empty, rows.Rows, [.. rejects], summary.Rows.Filtered ?? 0, summary.Run is null ? summary.Notes[0] : null);
        }
        catch (EtlException e)
        {
            return new TestOutcome(TableSchema.Empty, [], [], 0, e.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Pipeline Make(PipelineDefinition definition, TestObject source, RowCapture rows, string folder)
    {
        var context = new ConnectorContext(definition.Name, Path.GetDirectoryName(Path.GetFullPath(definition.File))!, local: false, new StandingTime(), Logs.Factory, definition.Settings);
        return new Pipeline
        {
            Name = definition.Name,
            Source = source,
            Parser = (IParser)definition.Parser.Connector.Create(definition.Parser.Options, context),
            Transforms = [.. definition.Transforms.Select(t => (ITransform)t.Connector.Create(t.Options, context))],
            Staging = new FileStagingSink(new FileStagingOptions { Path = Path.Combine(folder, "staging") }, context),
            Loads = [],
            State = new FolderStateStore(Path.Combine(folder, "state")),
            Encoders = _ => rows,
            // A few rows are no share of a load: the tests say which may be rejected.
            Rejects = RejectLimit.Parse("100%", null),
            OptionsDigest = "test",
            SinksDigest = "test",
            Metadata = definition.Metadata ?? new MetadataOptions(),
            Time = context.Time,
        };
    }

    private sealed class StandingTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
