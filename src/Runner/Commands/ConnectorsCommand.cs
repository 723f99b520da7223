using System.CommandLine;
using Etl.Core.Pipelines;
using Etl.Runner.Hosting;
using Etl.Runner.Reference;

namespace Etl.Runner.Commands;

/// <summary><c>etl connectors [NAME]</c>: what a pipeline file can name, with its options.</summary>
internal static class ConnectorsCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "Only what is called so, with its options.", Arity = ArgumentArity.ZeroOrOne };
        var pipeline = new Option<FileInfo?>("--pipeline") { Description = "A pipeline file whose plugins' connectors are listed too." };
        var markdown = new Option<DirectoryInfo?>("--markdown") { Description = "Writes reference pages in Markdown to this folder instead.", HelpName = "FOLDER" };
        var command = new Command("connectors", "Lists sources, parsers, transforms, sinks and state stores, with their options.") { name, pipeline, markdown };
        var json = new JsonOption().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            var all = ConnectorReference.Of(Registrations.Of(parsed.GetValue(pipeline)));
            var named = parsed.GetValue(name) is { } wanted ? Named(all, wanted) : all;
            if (parsed.GetValue(markdown) is { } folder)
            {
                folder.Create();
                foreach (var (file, page) in ReferencePages.Write(named)) await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), page, cancel);
            }
            else if (json.Read(parsed)) foreach (var connector in named) Console.WriteLine(ConnectorsView.Json(connector));
            else if (ReferenceEquals(named, all)) ConnectorsView.List(all);
            else foreach (var connector in named) ConnectorsView.Show(connector);
            return ExitCodes.Success;
        });
        return command;
    }

    private static IReadOnlyList<ConnectorReference> Named(IReadOnlyList<ConnectorReference> all, string wanted)
    {
        ConnectorReference[] named = [.. all.Where(c => c.Name == wanted)];
        return named.Length > 0 ? named : throw new UsageException($"There is no connector called {wanted}; {NearestName.Suggest(wanted, all.Select(c => c.Name).Distinct())}");
    }
}
