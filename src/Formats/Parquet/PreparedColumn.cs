using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Schemas;
using ParquetSharp;
using ParquetSharp.Arrow;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Formats.Parquet;

/// <summary>One column of a row group as it is handed to the writer.</summary>
internal sealed class PreparedColumn : IDisposable
{
    private readonly IReadOnlyList<IArrowArray> chunks;
    private readonly bool owned;

    private PreparedColumn(IReadOnlyList<IArrowArray> chunks, bool owned, IArrowType type, bool dictionary, Encoding encoding)
    {
        (this.chunks, this.owned) = (chunks, owned);
        (Type, Dictionary, Encoding) = (type, dictionary, encoding);
    }

    /// <summary>Its Arrow type.</summary>
    public IArrowType Type { get; }

    /// <summary>Whether it has a dictionary.</summary>
    public bool Dictionary { get; }

    /// <summary>How it is encoded without one.</summary>
    public Encoding Encoding { get; }

    /// <summary>Prepares a column as planned.</summary>
    /// <param name="column">The column.</param>
    /// <param name="plan">How to write it.</param>
    /// <param name="chunks">Its values; they stay their owner's.</param>
    public static PreparedColumn Create(Column column, ColumnPlan plan, IReadOnlyList<IArrowArray> chunks)
    {
        if (plan.Decimal is { } fraction)
            return new PreparedColumn([CompactDecimals.Convert([.. chunks.Cast<Decimal128Array>()], fraction)], owned: true, plan.TypeOf(column), plan.Dictionary, plan.Encoding);
        if (column.Type == ColumnType.String && plan.Dictionary)
        {
            return TextDictionary.TryConvert([.. chunks.Cast<StringArray>()]) is { } numbered
                ? new PreparedColumn([numbered], owned: true, TextDictionary.Type, dictionary: true, plan.Encoding)
                : new PreparedColumn(chunks, owned: false, StringType.Default, dictionary: false, plan.Encoding);
        }
        return new PreparedColumn(chunks, owned: false, plan.TypeOf(column), plan.Dictionary, plan.Encoding);
    }

    /// <summary>Writes it as the next column chunk.</summary>
    public void Write(FileWriter writer)
    {
        if (chunks.Count == 1)
            writer.WriteColumnChunk(chunks[0]);
        else
            writer.WriteColumnChunk(new ChunkedArray([.. chunks]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!owned)
            return;
        foreach (var chunk in chunks)
            (chunk as IDisposable)?.Dispose();
    }
}
