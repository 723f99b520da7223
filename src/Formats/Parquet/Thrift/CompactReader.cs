using System.Buffers.Binary;

namespace Etl.Formats.Parquet.Thrift;

/// <summary>Reads structs of Thrift's compact protocol, as far as Parquet's footers use it: no sets, no maps.</summary>
internal ref struct CompactReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>The next struct.</summary>
    /// <exception cref="InvalidDataException">The bytes are none.</exception>
    public ThriftStruct ReadStruct()
    {
        var read = new ThriftStruct();
        short id = 0;
        while (true)
        {
            var header = Take(1)[0];
            if (header == 0)
                return read;
            var type = (ThriftType)(header & 15);
            id = header >> 4 is var delta && delta != 0 ? (short)(id + delta) : (short)ReadZigZag();
            read.Fields.Add(new ThriftField(id, type, type is ThriftType.True or ThriftType.False ? type == ThriftType.True : ReadValue(type)));
        }
    }

    private object ReadValue(ThriftType type) => type switch
    {
        ThriftType.True or ThriftType.False => Take(1)[0] == 1,
        ThriftType.Byte => (long)(sbyte)Take(1)[0],
        ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64 => ReadZigZag(),
        ThriftType.Double => BinaryPrimitives.ReadDoubleLittleEndian(Take(8)),
        ThriftType.Binary => Take((int)ReadVarint()).ToArray(),
        ThriftType.List => ReadList(),
        ThriftType.Struct => ReadStruct(),
        _ => throw new InvalidDataException($"A Parquet footer holds a Thrift value of type {(byte)type}, which no footer has."),
    };

    private ThriftList ReadList()
    {
        var header = Take(1)[0];
        var type = (ThriftType)(header & 15);
        var count = header >> 4;
        if (count == 15)
            count = (int)ReadVarint();
        var items = new List<object>(count);
        for (var i = 0; i < count; i++)
            items.Add(ReadValue(type));
        return new ThriftList(type, items);
    }

    private long ReadZigZag()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
