using System.Text.RegularExpressions;
using Apache.Arrow;
using Etl.Core.Schemas;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Sql.Tests;

/// <summary>The expressions of docs/transforms.md that split and merge columns give what it says.</summary>
public sealed partial class DocumentedExpressionsTests
{
    public static TheoryData<string, string, string> Rows() => [.. File.ReadLines(Repository.PathOf("docs", "transforms.md"))
        .SkipWhile(line => line != "## Splitting and merging columns").TakeWhile(line => line != "## cast")
        .Select(line => Row().Match(line)).Where(m => m.Success).Select(m => (m.Groups[1].Value.Replace(@"\|", "|", StringComparison.Ordinal), m.Groups[2].Value, m.Groups[3].Value))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void AnExpressionGivesWhatIsSaid(string expression, string where, string gives)
    {
        var values = Value().Matches(where).Select(m => (Name: m.Groups[1].Value, Text: m.Groups[2].Success ? m.Groups[2].Value : null)).ToList();
        var schema = new TableSchema([.. values.Select(v => new Column(v.Name, ColumnType.String))]);
        var batch = new RecordBatch(schema.ToArrow(), [.. values.Select(v => v.Text is null ? new StringArray.Builder().AppendNull().Build() : new StringArray.Builder().Append(v.Text).Build())], 1);

        using var result = new DeriveTransform(new DeriveOptions { Columns = new Dictionary<string, string> { ["result"] = expression } }).Bind(schema).Apply(batch);

        Assert.Equal(gives == "an empty text" ? "" : gives.Trim('`').Replace("2024-01-31 09:30:00", "2024-01-31T09:30:00.000000", StringComparison.Ordinal), result.Rows()[0].Split('|')[^1]);
    }

    [Fact]
    public void ThereAreSuchExpressions() => Assert.InRange(Rows().Count, 10, 30);

    [GeneratedRegex(@"^\| `(.+)` \| (.+ is .+) \| (.+) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"(\w+) is (?:`([^`]*)`|NULL)")]
    private static partial Regex Value();
}
