using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary><c>changed: replace</c>: the rows of objects that changed go, those of the run come.</summary>
internal sealed class ReplaceObjects : ITableStatement
{
    public bool ChangesTableWithoutRows => true;

    public Task<JobConfigurationQuery> WriteAsync(TableLoad load, TableReference temporary, CancellationToken cancel)
    {
        var column = load.Run.Schema.Find(RowOrigin.Object)!.Name;
        if (load.Table.Schema?.Fields?.Any(f => string.Equals(f.Name, column, StringComparison.OrdinalIgnoreCase)) != true)
            throw new DataException($"The table {load.Target} has no column {column} yet, so the rows of objects that changed cannot be told from others. Load the table anew once with `write: replace`, or leave changed objects out with `incremental: {{ changed: skip }}`; then forget the run with `etl state reset --open-run`.");
        var from = "t." + GoogleSql.Instance.Name(column);
        var unknown = GoogleSql.Instance.Text($"the table has rows without a value in {column}, loaded before there was one: the rows of objects that changed cannot be told from them. Fill it in for them, or remove them");
        var statement = ReplaceStatement.Write(load, temporary, $"IF({from} IS NULL, ERROR({unknown}), {from} IN UNNEST(@objects))");
        statement.ParameterMode = "NAMED";
        statement.QueryParameters =
        [
            new QueryParameter
            {
                Name = "objects",
                ParameterType = new QueryParameterType { Type = "ARRAY", ArrayType = new QueryParameterType { Type = "STRING" } },
                ParameterValue = new QueryParameterValue { ArrayValues = [.. load.Run.Replaces!.Select(o => new QueryParameterValue { Value = o })] },
            },
        ];
        return Task.FromResult(statement);
    }
}
