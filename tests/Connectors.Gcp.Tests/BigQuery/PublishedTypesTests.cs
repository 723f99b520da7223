using System.Reflection;
using System.Text.RegularExpressions;
using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Newtonsoft.Json;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.BigQuery;

/// <summary>The resources beside the types that Google publishes, generated from the API's discovery document (npm: @google-cloud/bigquery).</summary>
public sealed partial class PublishedTypesTests
{
    private const string Package = "node_modules/@google-cloud/bigquery/build/src/types.d.ts";

    [Fact]
    public void EveryFieldIsPublishedWithThatNameAndType()
    {
        var path = Find();
        if (path is null)
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("ETL_TEST_REQUIRE_ALL") != "1", $"{Package} is not there: run `npm ci` in tests/Acceptance/clients, or set ETL_BIGQUERY_TYPES.");
            Assert.Fail($"{Package} is not there, and ETL_TEST_REQUIRE_ALL is 1.");
        }
        var text = Comment().Replace(File.ReadAllText(path), "");
        var published = Interface().Matches(text).ToDictionary(m => m.Groups[1].Value, m => Field().Matches(m.Groups[2].Success ? "    " + m.Groups[2].Value : m.Groups[3].Value).ToDictionary(f => f.Groups[1].Value, f => f.Groups[2].Value));

        var ours = typeof(Table).Assembly.GetTypes().Where(t => t.Namespace == typeof(Table).Namespace && t.IsPublic).ToList();
        Assert.True(ours.Count >= 20);
        var wrong = new List<string>();
        foreach (var type in ours)
        {
            if (!published.TryGetValue("I" + type.Name, out var fields))
            {
                wrong.Add($"{type.Name} is not published");
                continue;
            }
            foreach (var property in type.GetProperties())
            {
                var name = property.GetCustomAttribute<JsonPropertyAttribute>()!.PropertyName!;
                if (!fields.TryGetValue(name, out var theirs)) wrong.Add($"{type.Name}.{name} is not published");
                else if (property.PropertyType is { IsGenericType: true } list && list.GenericTypeArguments[0] is { IsNested: true } item)
                    // A type without a name of its own is published where it is used.
                    wrong.AddRange(item.GetProperties().Select(p => p.GetCustomAttribute<JsonPropertyAttribute>()!.PropertyName!).Where(n => !theirs.StartsWith("Array<{", StringComparison.Ordinal) || !Regex.IsMatch(text, $"^      {n}\\?:", RegexOptions.Multiline)).Select(n => $"{type.Name}.{name}.{n} is not published"));
                else if (!Fits(property.PropertyType, theirs)) wrong.Add($"{type.Name}.{name} is {theirs}, and here {property.PropertyType.Name}");
            }
        }
        Assert.Empty(wrong);
    }

    private static bool Fits(Type ours, string theirs)
    {
        ours = Nullable.GetUnderlyingType(ours) ?? ours;
        if (ours == typeof(object)) return theirs == "any";
        if (ours == typeof(bool)) return theirs == "boolean";
        if (ours == typeof(int)) return theirs == "number";
        // 64-bit integers are text in Google's JSON.
        if (ours == typeof(long) || ours == typeof(ulong) || ours == typeof(string)) return theirs == "string" || theirs.Contains('\'');
        if (ours.IsGenericType && ours.GetGenericTypeDefinition() == typeof(IDictionary<,>)) return theirs.StartsWith("{[", StringComparison.Ordinal);
        if (ours.IsGenericType) return theirs.StartsWith("Array<", StringComparison.Ordinal) && (ours.GenericTypeArguments[0] == typeof(string) || theirs == $"Array<I{ours.GenericTypeArguments[0].Name}>");
        return theirs == "I" + ours.Name;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("ETL_BIGQUERY_TYPES") is { Length: > 0 } named) return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "tests/Acceptance/clients", Package) is var path && File.Exists(path))
                return path;
        return null;
    }

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^  type (I\w+) = \{(?:([^\n]+)|\n(.*?)^  )\};", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Interface();

    [GeneratedRegex(@"^    (\w+)\?:\s*(\{\[key: string\]: string\}|[^;]+)", RegexOptions.Multiline)]
    private static partial Regex Field();
}
