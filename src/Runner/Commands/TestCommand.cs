using System.CommandLine;
using System.Text.Json.Nodes;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.Runner.Display;
using Etl.Runner.Hosting;
using Etl.Runner.Testing;
using Spectre.Console;

namespace Etl.Runner.Commands;

/// <summary><c>etl test FILE...</c>: rows through a pipeline's real parser and transforms, held against what is expected. No cloud is asked.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("files") { Description = "Pipeline files, each with its tests beside it (orders.yaml: orders.test.yaml), or files of tests.", Arity = ArgumentArity.OneOrMore };
        var update = new Option<bool>("--update") { Description = "Write what comes out as what is expected. Look at the difference before you commit it." };
        var command = new Command("test", "Runs the tests of pipelines: rows in, rows and rejects out, with no cloud. Exit code 1 when one fails.") { files, update };
        var json = new JsonOption("Print JSON, an object a file of tests.").AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            var (passed, failed) = (0, 0);
            foreach (var file in parsed.GetRequiredValue(files).Select(RunCommand.PathAsGiven).Select(f => PipelineTestFile.Is(f) ? f : PipelineTestFile.Beside(f)).Distinct())
            {
                var results = await RunAsync(file, parsed.GetValue(update), cancel);
                if (json.Read(parsed)) JsonLine.Print(Json(file, results));
                else Show(file, results);
                passed += results.Count(r => r.Differences.Count == 0);
                failed += results.Count(r => r.Differences.Count > 0);
            }

            if (!json.Read(parsed)) Consoles.Out.WriteLine($"{passed:N0} passed, {failed:N0} failed");
            return failed == 0 ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    private static async Task<IReadOnlyList<(string Test, IReadOnlyList<string> Differences)>> RunAsync(string file, bool update, CancellationToken cancel)
    {
        var tests = PipelineTestFile.Read(file);
        var definition = new PipelineFile(Registrations.All(), name => tests.Variables.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name)).Read(PipelineTestFile.PipelineOf(file));
        var results = new List<(string, IReadOnlyList<string>)>();
        var outcomes = new Dictionary<PipelineTest, TestOutcome>();
        foreach (var test in tests.Tests)
        {
            var outcome = await TestRun.RunAsync(definition, test.Object ?? (test.File is null ? "input.csv" : Path.GetFileName(test.File)), Content(file, test), cancel);
            var differences = await TestCheck.CompareAsync(test.Expect, outcome, cancel);
            if (differences.Count > 0 && update) outcomes[test] = outcome;
            results.Add((test.Name, update ? [] : differences));
        }

        if (outcomes.Count > 0)
        {
            await File.WriteAllTextAsync(file, ExpectationText.Update(await File.ReadAllTextAsync(file, cancel), outcomes), cancel);
            Consoles.Error.WriteLine($"{file}: {outcomes.Count:N0} {(outcomes.Count == 1 ? "expectation" : "expectations")} written. Look at the difference before you commit it.");
        }

        return results;
    }

    private static byte[] Content(string file, PipelineTest test)
    {
        if (test.Input is { } text) return System.Text.Encoding.UTF8.GetBytes(text);
        var path = Path.Combine(Path.GetDirectoryName(file) ?? "", test.File!);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{file}: the test \"{test.Name}\" reads {path}, which cannot be read: {e.Message}");
        }
    }

    private static void Show(string file, IReadOnlyList<(string Test, IReadOnlyList<string> Differences)> results)
    {
        Consoles.Out.WriteLine(file);
        foreach (var (test, differences) in results)
        {
            Consoles.Out.Write(differences.Count == 0 ? new Text("  ✓ ", new Style(Color.Green)) : new Text("  ✗ ", new Style(Color.Red)));
            Consoles.Out.WriteLine(CellText.Message(test));
            foreach (var line in differences)
                Consoles.Out.Write(new Text($"      {CellText.Message(line).ReplaceLineEndings("\n      ")}\n", line.StartsWith("- ", StringComparison.Ordinal) ? new Style(Color.Red) : line.StartsWith("+ ", StringComparison.Ordinal) ? new Style(Color.Green) : Style.Plain));
        }
    }

    private static JsonObject Json(string file, IReadOnlyList<(string Test, IReadOnlyList<string> Differences)> results) => new()
    {
        ["file"] = file,
        ["tests"] = new JsonArray([.. results.Select(r => new JsonObject { ["name"] = r.Test, ["passed"] = r.Differences.Count == 0, ["differences"] = new JsonArray([.. r.Differences.Select(d => JsonValue.Create(d))]) })]),
    };
}
