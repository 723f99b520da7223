using System.CommandLine;
using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Runner.Display;
using Etl.Runner.Hosting;
using Spectre.Console;

namespace Etl.Runner.Commands;

/// <summary><c>etl preview URI|FILE</c>: the first rows as they would be loaded, and those that would not. It reads no more than the sample that the types are inferred from.</summary>
internal static class PreviewCommand
{
    public static Command Create()
    {
        var uri = new Argument<string>("uri") { Description = "A file, or s3://bucket/key." };
        var rows = new Option<int>("--rows") { Description = "How many rows to show.", DefaultValueFactory = _ => 10 };
        rows.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("--rows must be 1 or more.");
        });
        var command = new Command("preview", "Shows the first rows of a file, typed, and the rows that do not fit.") { uri, rows };
        var dialect = new DialectOptions().AddTo(command);
        var local = new LocalOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var session = await LocalSession.StartAsync(local.Read(parsed, null), cancel);
            var (source, read) = await InputObjects.FindAsync(parsed.GetRequiredValue(uri), Contexts.ForCommand("preview", session.Active), cancel);
            var parser = InputParsers.For(read, dialect.Read(parsed));
            var samples = await new Sampler(source, TimeProvider.System).SampleAsync([read], cancel).ToListAsync(cancel);
            var proposal = await parser.InferAsync(samples.ToAsyncEnumerable(), cancel);
            await ShowAsync(parser, samples[0], proposal, parsed.GetValue(rows), cancel);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task ShowAsync(IParser parser, Sample start, SchemaProposal proposal, int wanted, CancellationToken cancel)
    {
        var rejects = new RejectedRows();
        var tally = new ParseTally();
        using var content = new MemoryStream(start.Bytes.ToArray(), writable: false);
        var table = new PreviewTable(proposal.Schema, Consoles.Out.Profile.Width);
        var shown = 0;
        var all = start.Complete;
        await foreach (var batch in parser.ParseAsync(new SplitInput(start.Object, start.Entry, content, tally) { OpenStored = start.OpenStored }, proposal.Schema.Settled(), rejects, cancel))
        {
            using (batch)
            {
                for (var row = 0; row < batch.Length && shown < wanted; row++, shown++)
                    table.Add(batch, row);
            }

            if (shown < wanted) continue;
            all &= batch.Length == wanted && tally.RowsRead == wanted + rejects.Rows.Count;
            break;
        }

        // The sample's last record may be cut where the sample ends: it is not the row that is wrong.
        if (!start.Complete && shown < wanted && rejects.Rows.Count > 0) rejects.Rows.RemoveAt(rejects.Rows.Count - 1);
        foreach (var reject in rejects.Rows.Take(wanted)) table.Add(reject);
        table.Write(Consoles.Out);
        if (start.Entry is { } entry) Consoles.Out.WriteLine($"The file in the archive: {entry}");
        Consoles.Error.WriteLine(Count(shown, rejects.Rows.Count, wanted, all));
    }

    private static string Count(int shown, int rejected, int wanted, bool all)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{(all ? "all" : "the first")} {shown:N0} rows that fit");
        if (rejected == 0) return text;
        text += string.Create(CultureInfo.InvariantCulture, $"; {rejected:N0} that would be dead letters{(all ? "" : " in the sample")}");
        return rejected <= wanted ? text : text + string.Create(CultureInfo.InvariantCulture, $", of which {wanted:N0} are shown");
    }

    /// <summary>The rows that did not fit, in the order they were met.</summary>
    private sealed class RejectedRows : IDeadLetters
    {
        public List<Reject> Rows { get; } = [];

        public ValueTask RejectAsync(Reject reject, CancellationToken cancel)
        {
            Rows.Add(reject);
            return ValueTask.CompletedTask;
        }
    }
}
