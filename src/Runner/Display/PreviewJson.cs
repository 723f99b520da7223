using System.Text.Json.Nodes;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Runner.Display;

/// <summary>A preview for a program. Names are snake_case and stay.</summary>
internal static class PreviewJson
{
    /// <summary>The object on the line.</summary>
    public static JsonObject Of(PreviewedRows seen) => new()
    {
        ["object"] = seen.Object.NameOf(seen.Entry),
        ["columns"] = new JsonArray([.. seen.Schema.Columns.Select(c => new JsonObject { ["name"] = c.Name, ["source_name"] = c.SourceName, ["type"] = c.Type.SqlName() })]),
        ["rows"] = new JsonArray([.. seen.Rows.Select(row => Row(seen.Schema, row))]),
        ["rejects"] = new JsonArray([.. seen.Rejects.Select(Reject)]),
        ["rejected"] = seen.RejectedRows,
        ["all"] = seen.All,
    };

    private static JsonObject Row(TableSchema schema, string?[] row) =>
        new(schema.Columns.Select((c, i) => KeyValuePair.Create(c.Name, JsonLine.Value(row[i], c.Type is ColumnType.Int64 or ColumnType.Float64 or ColumnType.Bool))));

    private static JsonObject Reject(Reject reject) => new()
    {
        ["line"] = reject.Line,
        ["byte_offset"] = reject.ByteOffset,
        ["column"] = reject.Column,
        ["value"] = reject.Value,
        ["reason"] = reject.Reason,
        ["kind"] = reject.Kind,
    };
}
