using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Sql;

/// <summary>Makes a transform of a query: checks it against the columns at plan time, and keeps an engine for each batch that is worked on at once.</summary>
internal static partial class SqlBinding
{
    /// <summary>What queries call the rows.</summary>
    public const string Input = "input";

    /// <summary>A transform ready to run.</summary>
    /// <param name="transform">Its name, for errors.</param>
    /// <param name="input">The columns it gets.</param>
    /// <param name="query">The query over <see cref="Input"/>.</param>
    /// <param name="untouched">Whether the query gives a column of this name as it came.</param>
    /// <exception cref="DataException">The query is wrong, needs more than a row at a time, or gives what no column can hold.</exception>
    public static BoundTransform Bind(string transform, TableSchema input, string query, Func<string, bool> untouched)
    {
        // In brackets it can only be one query. A comment at its end ends with the line.
        var rows = $"(\n{query}\n)";
        var engine = new SqlEngine(transform, input);
        var found = engine.Describe($"SELECT * FROM {rows}");
        SqlShape.Check(transform, engine.Plan($"SELECT * FROM {rows}"));
        var output = new TableSchema([.. found.Select(c => ColumnOf(transform, c.Name, c.Type, input, untouched))]);
        var twice = output.Columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new DataException($"{transform} gives {twice.Count()} columns called {twice.Key}. Name them apart with AS.");

        var canonical = $"SELECT {string.Join(", ", output.Columns.Select(c => $"CAST({SqlText.Name(c.Name)} AS {SqlTypes.Canonical(c.Type)})"))} FROM {rows}";
        var idle = new ConcurrentBag<SqlEngine> { engine };
        return new BoundTransform(output, batch => Apply(batch, idle, transform, input, canonical, output));
    }

    private static RecordBatch Apply(RecordBatch batch, ConcurrentBag<SqlEngine> idle, string transform, TableSchema input, string query, TableSchema output)
    {
        if (!idle.TryTake(out var engine))
            engine = new SqlEngine(transform, input);
        var result = engine.Run(query, batch, output);
        idle.Add(engine);
        return result;
    }

    private static Column ColumnOf(string transform, string name, string type, TableSchema input, Func<string, bool> untouched)
    {
        if (input.IndexOf(name) is >= 0 and var index && untouched(name))
            return input.Columns[index];
        if (!Names().IsMatch(name))
            throw new DataException($"{transform} gives a column called {name}, which is no name for a table's column. Give it one of letters, digits and underscores with AS.");
        // Which columns an expression reads is not asked: beside a masked one, what it makes may tell of it.
        return new Column(name, SqlTypes.Of(type) ?? throw new DataException($"{transform}: the column {name} would be {type}, which no table's column can hold. Cast it, for example to VARCHAR.")) { IsMasked = input.Columns.Any(c => c.IsMasked) };
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,299}$")]
    private static partial Regex Names();
}
