using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>One assertion as a query that counts what is wrong.</summary>
/// <param name="Sql">A SELECT of one whole number over the table <c>staged</c>.</param>
/// <param name="Judge">What is wrong, given the number; nothing when nothing is.</param>
internal sealed record AssertionSql(string Sql, Func<long, IEnumerable<string>> Judge)
{
    /// <summary>All assertions but the queries of the pipeline file's own.</summary>
    /// <param name="assert">What is asserted.</param>
    /// <param name="dialect">How to write it.</param>
    /// <param name="run">The run.</param>
    /// <param name="countRows">Whether the rows are to be counted, because nobody did.</param>
    public static IReadOnlyList<AssertionSql> Of(AssertOptions assert, SqlDialect dialect, RunManifest run, bool countRows)
    {
        string Name(string key, string column) => dialect.Name(Assertions.Find(run, key, column).Name);
        string Count(string wrong) => $"SELECT COUNT(CASE WHEN {wrong} THEN 1 END) FROM staged";

        var all = new List<AssertionSql>();
        if (assert.Rows is { } bounds && countRows) all.Add(new AssertionSql("SELECT COUNT(*) FROM staged", n => Within(bounds, n)));
        foreach (var column in assert.NotNull)
            all.Add(new AssertionSql(Count($"{Name("not_null", column)} IS NULL"), n => Wrong(n, $"not_null {column}: {{0}} without a value")));
        foreach (var key in assert.Unique.Where(k => k.Count > 0))
        {
            var names = key.Select(c => Name("unique", c)).ToList();
            var groups = $"SELECT COUNT(*) AS n FROM staged WHERE {string.Join(" AND ", names.Select(n => n + " IS NOT NULL"))} GROUP BY {string.Join(", ", names)} HAVING COUNT(*) > 1";
            all.Add(new AssertionSql($"SELECT CAST(COALESCE(SUM(n), 0) AS {dialect.Type(ColumnType.Int64)}) FROM ({groups}) AS repeated", n => Wrong(n, $"unique {string.Join(", ", key)}: {{0}} with values that others have too")));
        }

        foreach (var (column, values) in assert.AcceptedValues)
        {
            var type = Assertions.Find(run, "accepted_values", column).Type;
            var list = string.Join(", ", values.Select(v => type == ColumnType.String ? dialect.Text(v) : $"CAST({dialect.Text(v)} AS {dialect.Type(type)})"));
            var name = Name("accepted_values", column);
            all.Add(new AssertionSql(Count(values.Count == 0 ? $"{name} IS NOT NULL" : $"{name} NOT IN ({list})"), n => Wrong(n, $"accepted_values {column}: {{0}} with a value that is not among the {values.Count} accepted")));
        }

        return all;
    }

    /// <summary>What is wrong with a number of rows; nothing when it is within the bounds.</summary>
    public static IEnumerable<string> Within(RowBounds bounds, long rows) =>
        rows < bounds.Min ? [string.Create(CultureInfo.InvariantCulture, $"rows: {Rows(rows)}, and at least {bounds.Min:N0} must be")]
        : rows > bounds.Max ? [string.Create(CultureInfo.InvariantCulture, $"rows: {Rows(rows)}, and at most {bounds.Max:N0} may be")]
        : [];

    /// <summary>A number of rows in words.</summary>
    public static string Rows(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "row" : "rows")}");

    private static IEnumerable<string> Wrong(long count, string says) => count == 0 ? [] : [says.Replace("{0}", Rows(count), StringComparison.Ordinal)];
}
