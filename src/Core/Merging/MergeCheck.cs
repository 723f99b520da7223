using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Core.Merging;

/// <summary>Whether a run's columns can be merged as the options say.</summary>
public static class MergeCheck
{
    /// <exception cref="DataException">A column that the options name is not there, or its type does not do.</exception>
    public static void Check(TableSchema schema, IMerging options)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Write != WriteDisposition.Merge) return;
        foreach (var name in options.Key)
            if (Find(schema, name, "key").Type == ColumnType.Float64)
                throw new DataException($"{name} is FLOAT64, and rows cannot be told apart by one. Declare another type for it in the pipeline's schema, or merge by another key.");
        if (options.LatestBy is { } latest && Find(schema, latest, "latest_by").Type is var type && type is not (ColumnType.Int64 or ColumnType.Numeric or ColumnType.Date or ColumnType.DateTime or ColumnType.Timestamp or ColumnType.String))
            throw new DataException($"latest_by names {latest}, which is {type.SqlName()}. The latest row is known by a column that is INT64, NUMERIC, DATE, DATETIME, TIMESTAMP or STRING.");
        if (options.HardDelete is { } delete) Check(Find(schema, delete.Column, "hard_delete.column"), delete);
    }

    private static void Check(Column column, HardDeleteOptions delete)
    {
        var needsValues = column.Type is ColumnType.String or ColumnType.Int64;
        if (!needsValues && column.Type is not (ColumnType.Bool or ColumnType.Date or ColumnType.DateTime or ColumnType.Timestamp))
            throw new DataException($"hard_delete names {column.Name}, which is {column.Type.SqlName()}. A row is marked as deleted by a BOOL, DATE, DATETIME or TIMESTAMP, or by values of a STRING or INT64.");
        if (needsValues && delete.Values.Count == 0)
            throw new DataException($"hard_delete names {column.Name}, which is {column.Type.SqlName()}: say what it holds in a deleted row, such as `values: [{(column.Type == ColumnType.Int64 ? "1" : "D")}]`.");
        if (!needsValues && delete.Values.Count > 0)
            throw new DataException($"hard_delete names {column.Name}, which is {column.Type.SqlName()}, and lists values: those go with a STRING or INT64 column. Leave values out: {(column.Type == ColumnType.Bool ? "true" : "any value")} means deleted.");
        if (column.Type == ColumnType.Int64 && !delete.Values.All(v => long.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
            throw new DataException($"hard_delete names {column.Name}, which is INT64, and lists a value that is no whole number.");
    }

    private static Column Find(TableSchema schema, string name, string option) =>
        schema.IndexOf(name) is >= 0 and var at
            ? schema.Columns[at]
            : throw new DataException($"{option} names the column {name}, which the run does not have. It has {string.Join(", ", schema.Columns.Take(30).Select(c => c.Name))}{(schema.Columns.Count > 30 ? ", …" : "")}.");
}
