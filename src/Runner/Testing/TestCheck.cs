using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.Core.Schemas;

namespace Etl.Runner.Testing;

/// <summary>Holds what came out of a test against what it expects.</summary>
internal static class TestCheck
{
    /// <summary>How they differ, in lines for a person; none when the test passes.</summary>
    public static async Task<IReadOnlyList<string>> CompareAsync(PipelineExpectation? expected, TestOutcome outcome, CancellationToken cancel)
    {
        if (expected is null) return ["it expects nothing yet; say what under expect:, or have `etl test --update` write what comes out"];
        if (expected.Error is { } error)
            return outcome.Error is null ? [$"expected the error: {error}", "the run succeeded"] : outcome.Error.Contains(error, StringComparison.Ordinal) ? [] : [$"expected the error: {error}", $"found: {outcome.Error}"];
        if (outcome.Error is not null) return [$"the run failed: {outcome.Error}"];
        return [.. Types(expected.Types, outcome.Schema), .. await RowsAsync(expected.Rows, outcome, cancel), .. Rejects(expected.Rejects, outcome.Rejects), .. Filtered(expected.Filtered, outcome.Filtered)];
    }

    private static IEnumerable<string> Types(IReadOnlyDictionary<string, ColumnType> expected, TableSchema schema)
    {
        foreach (var (name, type) in expected)
            if (schema.IndexOf(name) is var index && index < 0) yield return $"types: there is no column {name}; the columns are {string.Join(", ", schema.Columns.Select(c => c.Name))}";
            else if (schema.Columns[index].Type != type) yield return $"types: {name}: expected {type.SqlName()}, found {schema.Columns[index].Type.SqlName()}";
    }

    private static async Task<IReadOnlyList<string>> RowsAsync(string? csv, TestOutcome outcome, CancellationToken cancel)
    {
        if (csv is null) return [];
        ExpectedRows expected;
        try
        {
            expected = await ExpectedRows.ReadAsync(csv, outcome.Schema, cancel);
        }
        catch (DataException e)
        {
            return [$"rows: {e.Message}"];
        }

        var places = expected.Columns.Select(outcome.Schema.IndexOf).ToList();
        var difference = RowDiff.Of([.. expected.Rows.Select(CsvLine.Of)], [.. outcome.Rows.Select(row => CsvLine.Of(places.Select(i => row[i])))]);
        return difference.Count == 0 ? [] : [$"rows differ (- expected, + found):", $"  {CsvLine.Of(expected.Columns)}", .. difference];
    }

    private static IEnumerable<string> Rejects(IReadOnlyList<ExpectedReject> expected, IReadOnlyList<Reject> found)
    {
        for (var i = 0; i < Math.Max(expected.Count, found.Count); i++)
        {
            var (wanted, reject) = (expected.ElementAtOrDefault(i), found.ElementAtOrDefault(i));
            if (wanted is not null && reject is not null && wanted.Line == reject.Line && (wanted.Column is null || wanted.Column == reject.Column)
                && (wanted.Reason is null || reject.Reason.Contains(wanted.Reason, StringComparison.Ordinal))) continue;
            yield return "rejects differ (- expected, + found):";
            if (wanted is not null) yield return $"- {Words(wanted.Line, wanted.Column, wanted.Reason)}";
            if (reject is not null) yield return $"+ {Words(reject.Line, reject.Column, reject.Reason)}";
        }
    }

    private static IEnumerable<string> Filtered(int? expected, long found)
    {
        if (expected is not null && expected != found) yield return string.Create(CultureInfo.InvariantCulture, $"filtered: expected {expected:N0}, found {found:N0}");
    }

    private static string Words(long line, string? column, string? reason) =>
        string.Create(CultureInfo.InvariantCulture, $"line {line}{(column is null ? "" : $", {column}")}{(reason is null ? "" : $": {reason}")}");
}
