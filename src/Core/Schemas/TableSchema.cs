namespace Etl.Core.Schemas;

/// <summary>The columns of a table, in order. Equal when the columns are.</summary>
public sealed record TableSchema(IReadOnlyList<Column> Columns)
{
    /// <summary>A schema with no column.</summary>
    public static TableSchema Empty { get; } = new([]);

    /// <summary>The position of the column called <paramref name="name"/> (BigQuery's names ignore case), or -1.</summary>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Columns.Count; i++)
            if (string.Equals(Columns[i].Name, name, StringComparison.OrdinalIgnoreCase))
                return i;
        return -1;
    }

    /// <summary>The column that says <paramref name="origin"/> of each row, whatever it is called; null when there is none.</summary>
    public Column? Find(RowOrigin origin) => Columns.FirstOrDefault(c => c.Metadata == origin);

    /// <summary>The same columns, of which no type is a guess any more.</summary>
    public TableSchema Settled() => new([.. Columns.Select(c => c with { IsGuess = false })]);

    /// <inheritdoc/>
    public bool Equals(TableSchema? other) => other is not null && Columns.SequenceEqual(other.Columns);

    /// <inheritdoc/>
    public override int GetHashCode() => Columns.Aggregate(17, HashCode.Combine);
}
