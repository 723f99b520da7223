using System.CommandLine;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Schemas;
using Etl.Csv;
using Etl.Runner.Hosting;
using Spectre.Console;

namespace Etl.Runner.Commands;

/// <summary><c>etl infer URI|FILE</c>: how a file is written and which schema fits it.</summary>
internal static class InferCommand
{
    public static Command Create()
    {
        var uri = new Argument<string>("uri") { Description = "A file, or s3://bucket/key." };
        var yaml = new Option<bool>("--yaml") { Description = "Print a ready transform block for a pipeline file." };
        var command = new Command("infer", "Prints the dialect and the schema of a file.") { uri, yaml };
        var dialect = new DialectOptions().AddTo(command);
        var local = new LocalOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var session = await LocalSession.StartAsync(local.Read(parsed, null), cancel);
            var (source, read) = await InputObjects.FindAsync(parsed.GetRequiredValue(uri), Contexts.ForCommand("infer", session.Active), cancel);
            var proposal = await new Converter(source, new CsvParser(dialect.Read(parsed)), TimeProvider.System).InferAsync(read, cancel);
            if (parsed.GetValue(yaml)) await Console.Out.WriteAsync(CsvYaml.Write(proposal).AsMemory(), cancel);
            else Show(proposal);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Show(SchemaProposal proposal)
    {
        foreach (var dialect in proposal.Dialects)
        {
            var grid = new Grid().AddColumn().AddColumn();
            grid.AddRow(new Text("object", new Style(decoration: Decoration.Bold)), new Text(dialect.Uri + (dialect.Entry is null ? "" : "!" + dialect.Entry)));
            grid.AddRow(new Text("encoding", new Style(decoration: Decoration.Bold)), new Text(dialect.Encoding));
            grid.AddRow(new Text("delimiter", new Style(decoration: Decoration.Bold)), new Text(CsvYaml.Readable(dialect.Delimiter)));
            grid.AddRow(new Text("quote", new Style(decoration: Decoration.Bold)), new Text(dialect.Quote ?? "none"));
            grid.AddRow(new Text("rows before data", new Style(decoration: Decoration.Bold)), new Text(dialect.SkipRows.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            Consoles.Out.Write(grid);
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("column", "type", "in the file");
        foreach (var column in proposal.Schema.Columns)
            table.AddRow(new Text(column.Name), new Text(column.Type.SqlName()), new Text(column.SourceName ?? ""));
        Consoles.Out.Write(table);
        foreach (var note in proposal.Notes) Consoles.Out.WriteLine(note);
    }
}
