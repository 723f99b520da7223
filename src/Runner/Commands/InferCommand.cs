using System.CommandLine;
using Etl.Core.Engine;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl infer URI|FILE</c>: how a file is written, which schema fits it, and why.</summary>
internal static class InferCommand
{
    public static Command Create()
    {
        var uri = new Argument<string>("uri") { Description = "A file, or s3://bucket/key." };
        var whole = new Option<bool>("--whole") { Description = "Look at every row, not at samples of the start, the middle and the end." };
        var yaml = new Option<bool>("--yaml") { Description = "Print a ready transform block for a pipeline file." };
        var command = new Command("infer", "Prints the dialect and the schema of a file, and why each column has its type.") { uri, whole, yaml };
        var dialect = new DialectOptions().AddTo(command);
        var local = new LocalOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var session = await LocalSession.StartAsync(local.Read(parsed, null), cancel);
            var (source, read) = await InputObjects.FindAsync(parsed.GetRequiredValue(uri), Contexts.ForCommand("infer", session.Active), cancel);
            var sampler = new Sampler(source, TimeProvider.System);
            var samples = parsed.GetValue(whole) ? sampler.WholeAsync([read], cancel) : sampler.SampleAsync([read], cancel);
            var proposal = await InputParsers.For(read, dialect.Read(parsed)).InferAsync(samples, cancel);
            if (parsed.GetValue(yaml) && proposal.Dialects[0].Delimiter.Length == 0) throw new UsageException("--yaml prints a csv: block, and this is no CSV file.");
            if (parsed.GetValue(yaml)) await Console.Out.WriteAsync(CsvYaml.Write(proposal).AsMemory(), cancel);
            else InferenceView.Show(proposal, Consoles.Out);
            return ExitCodes.Success;
        });
        return command;
    }
}
