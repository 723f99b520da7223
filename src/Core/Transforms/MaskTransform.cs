using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Core.Transforms;

/// <summary>Puts something that tells less in the place of values. A missing value stays missing.</summary>
public sealed class MaskTransform(MaskOptions options) : ITransform
{
    /// <inheritdoc/>
    public BoundTransform Bind(TableSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var masked = options.Columns.Select(n => NamedColumns.Find("mask", "columns", n, input)).ToHashSet();
        var output = new TableSchema([.. input.Columns.Select((c, i) => masked.Contains(i) ? Masked(c) : c)]);
        var mask = new TextMask(options);
        return new BoundTransform(output, batch => Apply(batch, masked, mask, output));
    }

    private Column Masked(Column column)
    {
        if (options.With == MaskMethod.Redact)
            return column with { Nullable = true, IsMasked = true };
        return column.Type == ColumnType.String
            ? column with { IsMasked = true }
            : throw new DataException($"mask: {column.Name} is {column.Type.SqlName()}, and {OptionName(options.With)} takes text. Declare it STRING under csv: columns, cast it with derive, or use redact.");
    }

    private RecordBatch Apply(RecordBatch batch, HashSet<int> masked, TextMask mask, TableSchema output)
    {
        var columns = new IArrowArray[batch.ColumnCount];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = batch.Column(i);
            if (!masked.Contains(i))
                continue;
            using var plain = columns[i];
            columns[i] = options.With == MaskMethod.Redact ? Missing.Column(output.Columns[i].Type, batch.Length) : mask.Apply((StringArray)plain);
        }
        return new RecordBatch(output.ToArrow(), columns, batch.Length);
    }

    private static string OptionName(MaskMethod method) => Pipelines.OptionModel.YamlName(method.ToString());
}
