using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Core.Schemas;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary><c>changed: replace</c>: the rows of objects that changed go, those of the run come.</summary>
internal sealed class ReplaceObjects : ITableStatement
{
    public bool ChangesTableWithoutRows => true;

    public Task<JobConfigurationQuery> WriteAsync(TableLoad load, TableReference temporary, CancellationToken cancel)
    {
        var column = load.Run.Schema.Find(RowOrigin.Object)!.Name;
        var from = "t." + GoogleSql.Name(column);
        var unknown = GoogleSql.Text($"the table has rows without a value in {column}, and the rows of objects that changed cannot be told from them. Fill it in for them, or remove them, and run again");
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
