using System.Runtime.InteropServices;
using Etl.Csv.Values.Formats;

namespace Etl.Csv.Columns;

/// <summary>Reads a column's values by its declared or inferred format.</summary>
internal readonly struct FormattedField<T>(FieldFormat<T> format) : IFieldParser<T>
{
    public bool TryParse(ref readonly byte text, int length, out T value) => format.TryParse(MemoryMarshal.CreateReadOnlySpan(in text, length), out value);
}

/// <summary>Reads true and false by a column's own words.</summary>
internal readonly struct FormattedBoolField(FieldFormat<bool> format) : IFieldParser<byte>
{
    public bool TryParse(ref readonly byte text, int length, out byte value)
    {
        var parsed = format.TryParse(MemoryMarshal.CreateReadOnlySpan(in text, length), out var flag);
        value = flag ? (byte)1 : (byte)0;
        return parsed;
    }
}
