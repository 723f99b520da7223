namespace Etl.Bench;

/// <summary>What the values of a generated column are.</summary>
internal enum ColumnKind
{
    Integer,
    Decimal,

    /// <summary>Digits that are no number: leading zeros count.</summary>
    Code,
    Text,
    Day,
    Instant,
}

/// <summary>The columns of the generated files.</summary>
internal static class ShapeColumns
{
    public static IReadOnlyList<(string Name, ColumnKind Kind)> Of(Shape shape) => shape switch
    {
        Shape.Orders =>
        [
            ("order_id", ColumnKind.Integer), ("customer_code", ColumnKind.Code), ("ordered_at", ColumnKind.Instant), ("amount", ColumnKind.Decimal),
            ("quantity", ColumnKind.Integer), ("status", ColumnKind.Text), ("email", ColumnKind.Text), ("product", ColumnKind.Text),
            ("note", ColumnKind.Text), ("shipped_on", ColumnKind.Day),
        ],
        Shape.Wide => [.. Enumerable.Range(0, 100).Select(i => ($"n{i:d2}", i % 2 == 0 ? ColumnKind.Integer : ColumnKind.Decimal))],
        _ => [("id", ColumnKind.Integer), ("title", ColumnKind.Text), ("body", ColumnKind.Text)],
    };
}
