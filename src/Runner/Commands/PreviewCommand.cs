using System.CommandLine;
using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Formats.Text;
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
        var json = new JsonOption("Print JSON: the columns, the rows, and those that would be dead letters.").AddTo(command);
        var local = new LocalOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var session = await LocalSession.StartAsync(local.Read(parsed, null), cancel);
            var (source, read) = await InputObjects.FindAsync(parsed.GetRequiredValue(uri), Contexts.ForCommand("preview", session.Active), cancel);
            var parser = (await InputParsers.ForAsync(source, read, dialect.Read(parsed), dialect.ReadSheet(parsed), cancel)).Parser;
            var samples = await new Sampler(source, parser, TimeProvider.System).SampleAsync([read], cancel).ToListAsync(cancel);
            var proposal = await parser.InferAsync(samples.ToAsyncEnumerable(), cancel);
            var seen = await ReadAsync(parser, samples[0], proposal, parsed.GetValue(rows), cancel);
            if (json.Read(parsed)) JsonLine.Print(PreviewJson.Of(seen));
            else Show(seen, parsed.GetValue(rows));
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<PreviewedRows> ReadAsync(IParser parser, Sample start, SchemaProposal proposal, int wanted, CancellationToken cancel)
    {
        var rejects = new RejectedRows();
        var tally = new ParseTally();
        using var content = start.OpenBytes();
        var rows = new List<string?[]>();
        var all = start.Complete || parser.ReadsStored;
        await foreach (var batch in parser.ParseAsync(new SplitInput(start.Object, start.Entry, content, tally) { OpenStored = start.OpenStored }, proposal.Schema.Settled(), rejects, cancel))
        {
            using (batch)
            {
                for (var row = 0; row < batch.Length && rows.Count < wanted; row++)
                    rows.Add([.. batch.Arrays.Select(column => ValueText.Format(column, row))]);
            }

            if (rows.Count < wanted) continue;
            all &= batch.Length == wanted && tally.RowsRead == wanted + rejects.Rows.Count;
            break;
        }

        // The sample's last record may be cut where the sample ends: it is not the row that is wrong.
        if (!start.Complete && !parser.ReadsStored && rows.Count < wanted && rejects.Rows.Count > 0) rejects.Rows.RemoveAt(rejects.Rows.Count - 1);
        return new PreviewedRows(start.Object, start.Entry, proposal.Schema, rows, [.. rejects.Rows.Take(wanted)], rejects.Rows.Count, all);
    }

    private static void Show(PreviewedRows seen, int wanted)
    {
        new PreviewTable(seen, Consoles.Out.Profile.Width).Write(Consoles.Out);
        if (seen.Entry is { } entry) Consoles.Out.WriteLine($"The file in the archive: {entry}");
        Consoles.Error.WriteLine(Count(seen.Rows.Count, seen.RejectedRows, wanted, seen.All));
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
