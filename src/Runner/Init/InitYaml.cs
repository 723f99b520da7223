using System.Globalization;
using System.Text;
using Etl.Core.Schemas;
using Etl.Runner.Commands;

namespace Etl.Runner.Init;

/// <summary>A new pipeline file, with comments for who reads it first.</summary>
internal static class InitYaml
{
    private const int MostShown = 60;

    /// <summary>The file's text.</summary>
    /// <param name="answers">What it is made from.</param>
    /// <param name="file">What the sample showed.</param>
    /// <param name="folder">The folder that the file will be in.</param>
    public static string Write(InitAnswers answers, SampledFile file, string folder)
    {
        var text = new StringBuilder();
        void Line(string line) => text.Append(line).Append('\n');

        Line($"# Made by `etl init` from {Comment(answers.From)}. Check it with `etl validate`, try it with `etl run --local`.");
        Line($"name: {answers.Name}");
        Line("google:                                   # the downloaded external_account file: no secret in it (etl auth setup makes it)");
        Line("  credentials: ${GOOGLE_WIF_CONFIG:-wif.json}");
        Line("source:");
        Line(Source(answers.From, folder));
        Line("transforms:");
        foreach (var line in Parser(file)) Line(line);
        Line("      rejects: { max: 1% }                # more rows than that do not fit, and nothing is loaded");
        foreach (var line in Mask(answers, file)) Line(line);
        Line("sinks:");
        Line($"  - gcs: {{ bucket: {ParserYaml.Scalar(answers.Staging)}, prefix: {ParserYaml.Scalar(answers.Name + "/")}, format: parquet, compression: zstd }}");
        Line("  - bigquery:");
        Line($"      project: {ParserYaml.Scalar(answers.Project)}");
        Line($"      dataset: {ParserYaml.Scalar(answers.Dataset)}");
        Line($"      table: {ParserYaml.Scalar(answers.Table)}");
        Line(answers.Key.Count == 0
            ? "      write: append                       # each object once; with a key, write: merge keeps one row for each key"
            : $"      write: merge                        # one row for each key; add latest_by: COLUMN when files may bring old rows\n      key: {ParserYaml.List(answers.Key)}");
        if (answers.Partition is { } partition) Line($"      partition: {{ column: {ParserYaml.Scalar(partition)}, by: day }}");
        return text.ToString();
    }

    private static string Source(string from, string folder)
    {
        if (from.StartsWith("s3://", StringComparison.Ordinal))
        {
            var (bucket, key) = from[5..].Split('/', 2) is [var b, var k] ? (b, k) : (from[5..], "");
            var prefix = key[..(key.LastIndexOf('/') + 1)];
            return $"  s3: {{ bucket: {ParserYaml.Scalar(bucket)}, prefix: {ParserYaml.Scalar(prefix)}, pattern: {ParserYaml.Scalar(Pattern(key[prefix.Length..]))} }}   # every object beside the sample";
        }

        var path = Path.GetRelativePath(folder, Path.GetFullPath(from)).Replace('\\', '/');
        return $"  file: {{ path: {ParserYaml.Scalar(path[..(path.LastIndexOf('/') + 1)] + Pattern(Path.GetFileName(path)))} }}   # every file beside the sample";
    }

    private static string Pattern(string name) => name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? "*" + name[dot..] : "*";

    // What a person may know better is a comment: a declared column is never inferred again.
    private static IEnumerable<string> Parser(SampledFile file)
    {
        var columns = file.Proposal.Schema.Columns;
        var sheet = file.Parser == "excel" && file.Given.All(g => g.Key != "sheet") ? file.Proposal.Dialects[0].Entry : null;
        yield return $"  - {file.Parser}:";
        foreach (var (key, value) in file.Given) yield return $"      {key}: {value}";
        if (sheet is not null) yield return $"      # Of each workbook the first sheet that is visible and holds something is read, here {Comment(sheet)}. To read always that one: sheet: {ParserYaml.Scalar(sheet)}";
        if (file.DeclaresTypes) yield return "      schema: infer                       # each run looks at samples; `etl infer --yaml` prints declared columns instead";
        yield return file.DeclaresTypes
            ? "      # What the sample shows. What must never be inferred otherwise, declare under columns: [{ name: …, type: … }]"
            : "      # What the sample says; columns and types are in each file. To read only some, name them: columns: [ … ]";
        for (var i = 0; i < Math.Min(columns.Count, MostShown); i++)
            yield return $"      #   {columns[i].Name} {columns[i].Type.SqlName()}{(file.Proposal.Findings.ElementAtOrDefault(i)?.Why is { } why ? $": {Comment(why)}" : "")}";
        if (columns.Count > MostShown) yield return string.Create(CultureInfo.InvariantCulture, $"      #   and {columns.Count - MostShown:N0} more");
    }

    private static IEnumerable<string> Mask(InitAnswers answers, SampledFile file)
    {
        foreach (var found in file.Personal.Where(p => !answers.Mask.Contains(p.Column.Name)))
            yield return $"  # {found.Column.Name} seems to hold data of persons: {found.Kind} ({found.Why}); to hide it: - mask: {{ columns: [{ParserYaml.Scalar(found.Column.Name)}], with: redact }}";
        var types = file.Proposal.Schema.Columns.ToDictionary(c => c.Name, c => c.Type);
        var guessable = file.Personal.Where(p => p.IsGuessable).Select(p => p.Column.Name).ToHashSet();
        var texts = answers.Mask.Where(c => types[c] == ColumnType.String && !guessable.Contains(c)).ToList();
        var others = answers.Mask.Except(texts).ToList();
        if (texts.Count > 0)
        {
            yield return "  # A hash keeps equal values equal. Without a salt, who guesses a value can look it up: add salt: ${ETL_MASK_SALT}";
            yield return $"  - mask: {{ columns: {ParserYaml.List(texts)}, with: sha256 }}";
        }

        if (others.Count > 0) yield return $"  - mask: {{ columns: {ParserYaml.List(others)}, with: redact }}   # NULL in place of each value";
    }

    private static string Comment(string text) => text.ReplaceLineEndings(" ");
}
