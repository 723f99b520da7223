namespace Etl.Core.Schemas;

/// <summary>Which types hold the values of which.</summary>
public static class TypeWidening
{
    /// <summary>Whether every value that is read as <paramref name="narrow"/> can be read as <paramref name="wide"/>, which is another type.</summary>
    public static bool IsWiderThan(this ColumnType wide, ColumnType narrow) => (wide, narrow) switch
    {
        (ColumnType.String, not ColumnType.String) => true,
        (ColumnType.Numeric or ColumnType.BigNumeric or ColumnType.Float64, ColumnType.Int64) => true,
        (ColumnType.BigNumeric or ColumnType.Float64, ColumnType.Numeric) => true,
        _ => false,
    };

    /// <summary>The column with another type: how numbers are written stays when it is a number still.</summary>
    public static Column As(this Column column, ColumnType type) =>
        column.Type == type ? column : column with { Type = type, Format = IsNumber(column.Type) && IsNumber(type) ? column.Format : null, IsGuess = column.IsGuess && type != ColumnType.String };

    private static bool IsNumber(ColumnType type) => type is ColumnType.Int64 or ColumnType.Numeric or ColumnType.BigNumeric or ColumnType.Float64;
}
