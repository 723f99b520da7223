using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Memory;
using Etl.Csv.Values;

namespace Etl.Csv.Columns;

/// <summary>A column of values of one size.</summary>
/// <typeparam name="T">The value as Arrow lays it out.</typeparam>
/// <typeparam name="TParser">How text becomes one; a struct, so that the call is inlined.</typeparam>
internal class FixedColumnBuilder<T, TParser>(IArrowType type, TParser parser, bool nullable, NullTexts nulls) : ColumnBuilder(nullable, nulls)
    where T : unmanaged where TParser : struct, IFieldParser<T>
{
    private BatchBuffer<T>? values;
    private int lastRows = 16;
    private byte[] room = [];

    public override void Dispose() => values?.Dispose();

    protected Span<T> Values => values!.Span;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected sealed override void AppendValues(in FieldText text, FieldColumn fields, int field, RowFaults faults)
    {
        var anyNulls = Nulls.Any;
        var first = Rows;
        ref var to = ref Unsafe.Add(ref MemoryMarshal.GetReference(Values), first);
        var lanes = DigitLanes.AreSupported && !anyNulls;
        var next = 0;
        for (var i = 0; i < fields.Rows; i++)
        {
            if (lanes && i == next)
            {
                next += DigitLanes.Count;
                if (next <= fields.Rows && TParser.TryParseLanes(in text, in fields, i, ref Unsafe.Add(ref to, i)))
                {
                    i += DigitLanes.Count - 1;
                    continue;
                }
            }
            var slot = fields[i];
            if (slot.Length == 0)
            {
                Unsafe.Add(ref to, i) = default;
                NoteNull(first + i, field, faults);
            }
            else if (anyNulls || !parser.TryParse(in text.At(slot), slot.Length, out Unsafe.Add(ref to, i)))
                AppendOdd(text, slot, first + i, field, faults);
        }
    }

    protected override void WriteNull(int row) => Values[row] = default;

    protected override void GrowValues(int rows)
    {
        if (values is null)
            values = new BatchBuffer<T>(Math.Max(rows, lastRows));
        else if (rows > values.Length)
            values.Grow(Math.Max(rows, values.Length * 2));
    }

    protected override void Move(int from, int to) => Values[to] = Values[from];

    protected override IArrowArray BuildValues(int rows, int nullCount, ArrowBuffer nullBits) =>
        ArrowArrayFactory.BuildArray(new ArrayData(type, rows, nullCount, 0, [nullBits, Take(rows)]));

    /// <summary>The memory of the values, for an array to own.</summary>
    protected ArrowBuffer Take(int rows)
    {
        lastRows = rows;
        var buffer = values!.Build();
        values = null;
        return buffer;
    }

    // Not plain text of the type: quoted, a null, spaces, or no value of the type at all.
    private void AppendOdd(in FieldText text, FieldSlot slot, int row, int field, RowFaults faults)
    {
        var decoded = text.Decode(slot, ref room);
        if (decoded.IsEmpty || Nulls.Contains(decoded))
        {
            AppendNull(row, field, faults);
        }
        else if (!parser.TryParse(in MemoryMarshal.GetReference(decoded), decoded.Length, out Values[row]))
        {
            if (decoded.IndexOfAnyExcept((byte)' ') < 0)
            {
                AppendNull(row, field, faults);
                return;
            }
            Values[row] = default;
            faults.Add(row - Rows, field, ValueFault.Type);
        }
    }
}
