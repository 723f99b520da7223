namespace Etl.Formats.Parquet.Thrift;

/// <summary>A struct of Thrift whose meaning its reader need not know: its fields in order, each with its compact type. Whole numbers are longs, binaries are byte arrays.</summary>
internal sealed class ThriftStruct
{
    /// <summary>The fields.</summary>
    public List<ThriftField> Fields { get; } = [];

    /// <summary>A field's value, or null when there is no such field.</summary>
    public object? this[short id]
    {
        get => Fields.Find(f => f.Id == id).Value;
        set
        {
            var at = Fields.FindIndex(f => f.Id == id);
            Fields[at] = Fields[at] with { Value = value! };
        }
    }

    /// <summary>Adds to a whole number, where there is one.</summary>
    public void Add(short id, long addend)
    {
        if (this[id] is long value)
            this[id] = value + addend;
    }
}

/// <summary>A field.</summary>
internal readonly record struct ThriftField(short Id, ThriftType Type, object Value);

/// <summary>A list.</summary>
internal sealed record ThriftList(ThriftType Type, List<object> Items);

/// <summary>The types of the compact protocol (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).</summary>
internal enum ThriftType : byte
{
    True = 1,
    False = 2,
    Byte = 3,
    Int16 = 4,
    Int32 = 5,
    Int64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Struct = 12,
}
