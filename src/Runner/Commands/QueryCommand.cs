using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Etl.Connectors.Gcp.BigQuery;
using Etl.Core.Pipelines;
using Etl.Runner.Display;
using Etl.Runner.Hosting;
using Spectre.Console;

namespace Etl.Runner.Commands;

/// <summary><c>etl query SQL</c>: asks BigQuery, or the local one.</summary>
internal static class QueryCommand
{
    private const int MostRowsShown = 1000;

    public static Command Create()
    {
        var sql = new Argument<string>("sql") { Description = "The query, in GoogleSQL." };
        var file = new Option<FileInfo?>("--pipeline") { Description = "The pipeline file whose sign-in and project are used." };
        var project = new Option<string?>("--project") { Description = "The project that runs the query. Default: the pipeline's, or else GOOGLE_CLOUD_PROJECT." };
        var command = new Command("query", "Runs a query in BigQuery and prints the rows.") { sql, file, project };
        var json = new JsonOption("Print JSON, an object a row: all of them.").AddTo(command);
        var local = new LocalOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var session = await LocalSession.StartAsync(local.Read(parsed, null), cancel);
            var definition = parsed.GetValue(file) is { } path ? new PipelineFile(Registrations.All(), Environment.GetEnvironmentVariable).Read(RunCommand.PathAsGiven(path)) : null;
            var bigQuery = definition?.Loads.Select(l => l.Options).OfType<BigQueryOptions>().FirstOrDefault();
            if ((parsed.GetValue(project) ?? bigQuery?.Project ?? (session.Active ? "local-project" : Environment.GetEnvironmentVariable("GOOGLE_CLOUD_PROJECT"))) is not { } runsIn)
            {
                await Console.Error.WriteLineAsync("Name the project that runs the query: --project or GOOGLE_CLOUD_PROJECT, or --pipeline FILE with a bigquery sink.");
                return ExitCodes.Usage;
            }

            var context = definition is not null ? Contexts.For(definition, session.Active) : Contexts.ForCommand("query", session.Active);
            using var reader = new BigQueryReader(context, runsIn, bigQuery?.Location);
            var result = await reader.QueryAsync(parsed.GetRequiredValue(sql), cancel);
            if (json.Read(parsed)) await PrintAsync(result, cancel);
            else await ShowAsync(result, cancel);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task PrintAsync(QueryResult result, CancellationToken cancel)
    {
        // Only what is no text may stand bare: a number, a truth value, what is nested.
        var bare = result.Columns.Select(c => c.Type is "INTEGER" or "INT64" or "FLOAT" or "FLOAT64" or "BOOLEAN" or "BOOL" or "RECORD" or "STRUCT" or "JSON").ToArray();
        await foreach (var row in result.Rows.WithCancellation(cancel))
            JsonLine.Print(new JsonObject(result.Columns.Select((column, i) => KeyValuePair.Create(column.Name, JsonLine.Value(row[i], bare[i])))));
    }

    private static async Task ShowAsync(QueryResult result, CancellationToken cancel)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in result.Columns)
            table.AddColumn(new TableColumn(new Text(column.Name)) { Alignment = column.Type is "INTEGER" or "INT64" or "FLOAT" or "FLOAT64" or "NUMERIC" or "BIGNUMERIC" ? Justify.Right : Justify.Left });
        var shown = 0;
        await foreach (var row in result.Rows.WithCancellation(cancel))
        {
            if (shown == MostRowsShown) break;
            table.AddRow(row.Select(value => value is null ? new Text("NULL", new Style(decoration: Decoration.Dim)) : new Text(value)));
            shown++;
        }

        Consoles.Out.Write(table);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{result.TotalRows:N0} rows{(shown < result.TotalRows ? $", the first {shown:N0} shown" : "")}"));
    }
}
