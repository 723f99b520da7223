using System.CommandLine;
using System.Text.Json.Nodes;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Pipelines;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl state mark-loaded PIPELINE URI...</c>: objects count as loaded without being read.</summary>
internal static class StateMarkLoadedCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("pipeline") { Description = "The pipeline file." };
        var patterns = new Argument<string[]>("objects") { Description = "Addresses, or patterns of them in quotes: 's3://bucket/orders/2026-11/*.csv', '**' for all.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("mark-loaded", "Counts objects of the source as loaded, in the version they have now, without reading them.") { file, patterns };
        var json = new JsonOption().AddTo(command);
        var local = new LocalOptions().AddTo(command);
        var lease = new LeaseOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            var given = parsed.GetRequiredValue(patterns);
            await using var opened = await OpenedPipeline.OpenAsync(parsed.GetRequiredValue(file), local, parsed, cancel);
            var marked = await new StateChanges(opened.Pipeline, lease.Read(parsed, "state mark-loaded")).MarkLoadedAsync(Matcher(given), cancel);
            if (json.Read(parsed)) JsonLine.Print(new JsonObject { ["pipeline"] = opened.Definition.Name, ["marked"] = marked });
            else await Console.Out.WriteLineAsync($"{opened.Definition.Name}: {marked:N0} objects count as loaded now.");
            if (marked > 0) return ExitCodes.Success;
            return CommandRunner.Fail($"No object of the source matches {string.Join(", ", given)}. An address is written as errors and `etl run` write it, such as s3://bucket/key; a pattern matches all of it.");
        });
        return command;
    }

    private static Func<SourceObject, bool> Matcher(string[] given)
    {
        // A key may hold the letters of a pattern: an address as it stands comes first.
        var exact = given.ToHashSet(StringComparer.Ordinal);
        KeyPattern[] globs;
        try
        {
            globs = [.. given.Select(g => new KeyPattern(g))];
        }
        catch (ArgumentException)
        {
            globs = [];
        }

        return o => exact.Contains(o.Uri) || globs.Any(g => g.IsMatch(o.Uri));
    }
}
