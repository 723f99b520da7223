using System.Buffers;
using System.Buffers.Binary;

namespace Etl.Formats.Parquet.Thrift;

/// <summary>Writes what <see cref="CompactReader"/> reads.</summary>
internal readonly struct CompactWriter(IBufferWriter<byte> output)
{
    /// <summary>Writes a struct.</summary>
    public void Write(ThriftStruct value)
    {
        short last = 0;
        foreach (var field in value.Fields)
        {
            var type = field.Value is bool flag ? flag ? ThriftType.True : ThriftType.False : field.Type;
            var delta = field.Id - last;
            if (delta is > 0 and < 16)
            {
                WriteByte((byte)(delta << 4 | (int)type));
            }
            else
            {
                WriteByte((byte)type);
                WriteZigZag(field.Id);
            }
            if (field.Value is not bool)
                WriteValue(field.Type, field.Value);
            last = field.Id;
        }
        WriteByte(0);
    }

    private void WriteValue(ThriftType type, object value)
    {
        switch (value)
        {
            case bool flag:
                WriteByte(flag ? (byte)1 : (byte)2);
                break;
            case long number when type == ThriftType.Byte:
                WriteByte((byte)number);
                break;
            case long number:
                WriteZigZag(number);
                break;
            case double number:
                BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(8), number);
                output.Advance(8);
                break;
            case byte[] bytes:
                WriteVarint((ulong)bytes.Length);
                output.Write(bytes);
                break;
            case ThriftList list:
                WriteList(list);
                break;
            case WrittenStruct written:
                output.Write(written.Bytes);
                break;
            default:
                Write((ThriftStruct)value);
                break;
        }
    }

    private void WriteList(ThriftList list)
    {
        if (list.Items.Count < 15)
        {
            WriteByte((byte)(list.Items.Count << 4 | (int)list.Type));
        }
        else
        {
            WriteByte((byte)(0xF0 | (int)list.Type));
            WriteVarint((ulong)list.Items.Count);
        }
        foreach (var item in list.Items)
            WriteValue(list.Type, item);
    }

    private void WriteZigZag(long value) => WriteVarint((ulong)(value << 1) ^ (ulong)(value >> 63));

    private void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            WriteByte((byte)(value | 0x80));
        WriteByte((byte)value);
    }

    private void WriteByte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
