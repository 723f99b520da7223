using System.Buffers;

namespace Etl.Formats.Parquet.Thrift;

/// <summary>A struct that was written already: where it stands in a list, its bytes are written as they are.</summary>
internal sealed record WrittenStruct(byte[] Bytes)
{
    /// <summary>Writes a struct.</summary>
    public static WrittenStruct Of(ThriftStruct value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        new CompactWriter(bytes).Write(value);
        return new WrittenStruct(bytes.WrittenSpan.ToArray());
    }
}
