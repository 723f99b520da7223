using Etl.Connectors.Gcp.BigQuery.Client.Data;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>
/// Deletes some rows and inserts those of a temporary table in one statement: a MERGE on a constant false, which BigQuery runs without a join and with partitions pruned by the
/// condition (https://cloud.google.com/bigquery/docs/using-dml-with-partitioned-tables#using_a_constant_false_predicate_in_a_merge_condition).
/// </summary>
internal static class ReplaceStatement
{
    /// <param name="load">What is loaded.</param>
    /// <param name="temporary">Where the rows are.</param>
    /// <param name="condition">Which rows of the table, called t, go.</param>
    public static JobConfigurationQuery Write(TableLoad load, TableReference temporary, string condition)
    {
        var names = load.Run.Schema.Columns.Select(c => GoogleSql.Name(c.Name)).ToList();
        return new JobConfigurationQuery
        {
            Query = $"""
                MERGE INTO `{load.Target}` AS t
                USING `{temporary.ProjectId}.{temporary.DatasetId}.{temporary.TableId}` AS s
                ON FALSE
                WHEN NOT MATCHED BY SOURCE AND {condition} THEN DELETE
                WHEN NOT MATCHED BY TARGET THEN INSERT ({string.Join(", ", names)}) VALUES ({string.Join(", ", names.Select(n => "s." + n))})
                """.ReplaceLineEndings("\n"),
            UseLegacySql = false,
        };
    }
}
