using System.Globalization;
using System.Text;
using System.Text.Json;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.Core.Schemas;
using Etl.Runner.Display;
using YamlDotNet.RepresentationModel;

namespace Etl.Runner.Testing;

/// <summary>Writes into a file of tests what came out, in place of what was expected. Everything else in the file stays as it is, comments too.</summary>
internal static class ExpectationText
{

    /// <summary>The file's text with the expectations of <paramref name="outcomes"/>.</summary>
    /// <exception cref="DataException">A test is written in braces, on one line.</exception>
    public static string Update(string text, IReadOnlyDictionary<PipelineTest, TestOutcome> outcomes)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').ToList();
        // From the last to the first, so that places in what comes before stay.
        foreach (var test in Tests(text).Reverse())
            if (outcomes.FirstOrDefault(o => o.Key.Name == Name(test)) is { Key: { } known, Value: { } outcome }) Replace(lines, test, Write(outcome, known.Expect?.Types.Keys ?? []));
        return string.Join('\n', lines);
    }

    private static void Replace(List<string> lines, YamlMappingNode test, IEnumerable<string> expectation)
    {
        var column = (int)test.Children.First().Key.Start.Column - 1;
        if (test.Style == YamlDotNet.Core.Events.MappingStyle.Flow)
            throw new DataException($"The test \"{Name(test)}\" is written in braces, so what it expects cannot be written into it. Write its keys on lines of their own.");
        var at = test.Children.Keys.FirstOrDefault(k => ((YamlScalarNode)k).Value == "expect") is { } key ? (int)key.Start.Line - 1 : -1;
        var end = at < 0 ? End(lines, (int)test.Children.First().Key.Start.Line - 1, column - 1) : End(lines, at, column);
        if (at < 0) at = end;
        lines.RemoveRange(at, end - at);
        lines.InsertRange(at, expectation.Select(line => line.Length == 0 ? "" : new string(' ', column) + line));
    }

    // A block is what is indented further than its key.
    private static int End(List<string> lines, int start, int column)
    {
        var end = start + 1;
        while (end < lines.Count && (string.IsNullOrWhiteSpace(lines[end]) || lines[end].TakeWhile(c => c == ' ').Count() > column)) end++;
        while (string.IsNullOrWhiteSpace(lines[end - 1])) end--;
        return end;
    }

    private static IEnumerable<string> Write(TestOutcome outcome, IEnumerable<string> typed)
    {
        yield return "expect:";
        if (outcome.Error is { } error)
        {
            yield return $"  error: {JsonSerializer.Serialize(error, JsonLine.Options)}";
            yield break;
        }

        var types = typed.Select(outcome.Schema.IndexOf).Where(i => i >= 0).Select(i => outcome.Schema.Columns[i]).ToList();
        if (types.Count > 0) yield return $"  types: {{ {string.Join(", ", types.Select(c => $"{c.Name}: {c.Type.SqlName()}"))} }}";
        var rows = outcome.Rows.Select(CsvLine.Of).Prepend(CsvLine.Of(outcome.Schema.Columns.Select(c => c.Name))).ToList();
        // What a block cannot hold as it is (a tab at a line's start, a carriage return) stands in quotes.
        if (rows.Exists(row => row.Any(char.IsControl) || row.Length == 0 || row[0] == ' ')) yield return $"  rows: {JsonSerializer.Serialize(string.Concat(rows.Select(r => r + "\n")), JsonLine.Options)}";
        else
        {
            yield return "  rows: |";
            foreach (var row in rows) yield return "    " + row;
        }

        if (outcome.Rejects.Count > 0)
        {
            yield return "  rejects:";
            foreach (var reject in outcome.Rejects)
            {
                var entry = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"    - {{ line: {reject.Line}"));
                if (reject.Column is not null) entry.Append(CultureInfo.InvariantCulture, $", column: {JsonSerializer.Serialize(reject.Column, JsonLine.Options)}");
                yield return entry.Append(CultureInfo.InvariantCulture, $", reason: {JsonSerializer.Serialize(reject.Reason, JsonLine.Options)} }}").ToString();
            }
        }

        if (outcome.Filtered > 0) yield return string.Create(CultureInfo.InvariantCulture, $"  filtered: {outcome.Filtered}");
    }

    private static IReadOnlyList<YamlMappingNode> Tests(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. ((YamlSequenceNode)((YamlMappingNode)stream.Documents[0].RootNode).Children["tests"]).Children.Cast<YamlMappingNode>()];
    }

    private static string Name(YamlMappingNode test) => ((YamlScalarNode)test.Children["name"]).Value!;
}
