using System.Globalization;
using System.Text;
using Etl.Core.Connectors;

namespace Etl.Runner.Reference;

/// <summary>The reference pages: one for each kind of connector, and one that lists them.</summary>
internal static class ReferencePages
{
    private const string Made = "<!-- Made by `etl connectors --markdown docs/reference` from the options records. Change those. -->\n";

    private static readonly (string File, string Title, ConnectorKind Kind)[] Kinds =
    [
        ("sources.md", "Sources", ConnectorKind.Source), ("parsers.md", "Parsers", ConnectorKind.Parser), ("transforms.md", "Transforms", ConnectorKind.Transform),
        ("staging-sinks.md", "Staging sinks", ConnectorKind.StagingSink), ("load-sinks.md", "Load sinks", ConnectorKind.LoadSink), ("state-stores.md", "State stores", ConnectorKind.StateStore),
        ("settings.md", "Settings", ConnectorKind.Settings),
    ];

    /// <summary>The pages by file name.</summary>
    public static IReadOnlyDictionary<string, string> Write(IReadOnlyList<ConnectorReference> connectors)
    {
        var pages = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["README.md"] = Index(connectors) };
        foreach (var (file, title, kind) in Kinds) pages[file] = Page(title, [.. connectors.Where(c => c.Kind == kind)]);
        return pages;
    }

    private static string Index(IReadOnlyList<ConnectorReference> connectors)
    {
        var page = new StringBuilder($"{Made}\n# Reference\n\nEverything a pipeline file can name. `etl connectors` prints the same for the etl and the plugins at hand.\n\n| kind | name | what it is |\n|---|---|---|\n");
        foreach (var (file, _, kind) in Kinds)
            foreach (var connector in connectors.Where(c => c.Kind == kind))
                page.Append(CultureInfo.InvariantCulture, $"| {kind.Text()} | [`{connector.Name}`]({file}#{connector.Name}) | {Cell(connector.Description)} |\n");
        return page.ToString();
    }

    private static string Page(string title, IReadOnlyList<ConnectorReference> connectors)
    {
        var page = new StringBuilder($"{Made}\n# {title}\n");
        foreach (var connector in connectors)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {connector.Name}\n\n{connector.Description}{(connector.Scheme is { } scheme ? $" Staged files are `{scheme}://`." : "")}\n\n```yaml\n{connector.Example}\n```\n\n");
            if (connector.Options.Count == 0)
            {
                page.Append("It has no options.\n");
                continue;
            }

            page.Append("| option | value | default | what it means |\n|---|---|---|---|\n");
            foreach (var option in connector.Options)
                page.Append(CultureInfo.InvariantCulture, $"| `{option.Name}` | {Cell(option.Type)} | {(option.Required ? "**required**" : option.Default is { } value ? $"`{value.Replace("|", "\\|", StringComparison.Ordinal)}`" : "")} | {Cell(option.Description)} |\n");
        }

        return page.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
