using System.Buffers;
using System.Buffers.Binary;
using Etl.Formats.Parquet.Thrift;

namespace Etl.Formats.Parquet;

/// <summary>
/// One footer for row groups that were each encoded as a file of their own: their bytes stand one after the other, and what their footers say of offsets is moved along.
/// Field numbers are those of parquet.thrift (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift).
/// </summary>
internal sealed class FooterBuilder
{
    private const int MagicBytes = 4;

    // FileMetaData
    private const short NumRows = 3;
    private const short RowGroups = 4;

    // RowGroup
    private const short Columns = 1;
    private const short GroupRows = 3;
    private const short GroupOffset = 5;
    private const short Ordinal = 7;

    // ColumnChunk
    private const short ChunkOffset = 2;
    private const short MetaData = 3;

    private static readonly short[] IndexOffsets = [4, 6];

    // ColumnMetaData: data, index and dictionary page, bloom filter
    private static readonly short[] PageOffsets = [9, 10, 11, 14];

    // Each as it will be written: objects for all fields of all columns would take ten times the memory, for as long as the file grows.
    private readonly List<object> groups = [];
    private ThriftStruct? file;
    private long rows;

    /// <summary>What every Parquet file starts and ends with.</summary>
    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Adds the row groups of a file.</summary>
    /// <param name="whole">All of the file.</param>
    /// <param name="offset">Where its body will stand.</param>
    /// <returns>The body: everything between the magic number at its start and its footer.</returns>
    public ReadOnlySpan<byte> Add(ReadOnlySpan<byte> whole, long offset)
    {
        var footerBytes = BinaryPrimitives.ReadInt32LittleEndian(whole[^8..]);
        var bodyEnd = whole.Length - 8 - footerBytes;
        var footer = new CompactReader(whole.Slice(bodyEnd, footerBytes)).ReadStruct();
        foreach (var group in ((ThriftList)footer[RowGroups]!).Items.Cast<ThriftStruct>())
        {
            Move(group, offset - MagicBytes);
            rows += (long)group[GroupRows]!;
            groups.Add(WrittenStruct.Of(group));
        }
        file ??= footer;
        return whole[MagicBytes..bodyEnd];
    }

    /// <summary>The footer, its length and the magic number.</summary>
    public ReadOnlyMemory<byte> Build()
    {
        file![NumRows] = rows;
        file[RowGroups] = new ThriftList(ThriftType.Struct, groups);
        var bytes = new ArrayBufferWriter<byte>();
        new CompactWriter(bytes).Write(file);
        var length = bytes.WrittenCount;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(4), length);
        bytes.Advance(4);
        bytes.Write(Magic);
        return bytes.WrittenMemory;
    }

    private void Move(ThriftStruct group, long by)
    {
        group.Add(GroupOffset, by);
        if (group[Ordinal] is not null)
            group[Ordinal] = (long)groups.Count;
        foreach (var chunk in ((ThriftList)group[Columns]!).Items.Cast<ThriftStruct>())
        {
            // 0 where the writer does not say.
            if (chunk[ChunkOffset] is not 0L)
                chunk.Add(ChunkOffset, by);
            foreach (var id in IndexOffsets)
                chunk.Add(id, by);
            foreach (var id in PageOffsets)
                ((ThriftStruct)chunk[MetaData]!).Add(id, by);
        }
    }
}
