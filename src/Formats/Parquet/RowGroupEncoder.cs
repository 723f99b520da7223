using Apache.Arrow;
using Etl.Core.Schemas;
using ParquetSharp;
using ParquetSharp.Arrow;
using ParquetSharp.IO;
using Buffer = ParquetSharp.IO.Buffer;

namespace Etl.Formats.Parquet;

/// <summary>Encodes one row group as a Parquet file of its own, in memory, by the Arrow C++ writer.</summary>
internal sealed class RowGroupEncoder(TableSchema schema, IReadOnlyList<ColumnPlan> plan, Compression compression)
{
    // Arrow's default allocator keeps more of what buffers gave back than the row groups themselves take, and is no faster here.
    private static readonly MemoryPool Memory = FindSmallest();

    /// <summary>The file. Called concurrently.</summary>
    public Buffer Encode(RowGroup group)
    {
        var columns = new PreparedColumn[plan.Count];
        try
        {
            for (var i = 0; i < columns.Length; i++)
                columns[i] = PreparedColumn.Create(schema.Columns[i], plan[i], [.. group.Column(i)]);
            using var properties = Properties(columns);
            using var arrow = new ArrowWriterPropertiesBuilder();
            using var arrowProperties = arrow.Build();
            using var output = new BufferOutputStream(Memory);
            var fields = schema.Columns.Select((c, i) => new Field(c.Name, columns[i].Type, c.Nullable));
            using (var writer = new FileWriter(output, new Apache.Arrow.Schema(fields, metadata: null), properties, arrowProperties))
            {
                if (group.Rows > 0)
                {
                    writer.NewRowGroup();
                    foreach (var column in columns)
                        column.Write(writer);
                }
                writer.Close();
            }
            return output.Finish();
        }
        finally
        {
            foreach (var column in columns)
                column?.Dispose();
        }
    }

    // Not every platform has it.
    private static MemoryPool FindSmallest()
    {
        try
        {
            return MemoryPool.JemallocMemoryPool();
        }
        catch (ParquetException)
        {
            return MemoryPool.GetDefaultMemoryPool();
        }
    }

    private WriterProperties Properties(PreparedColumn[] columns)
    {
        using var builder = new WriterPropertiesBuilder();
        builder
            .MemoryPool(Memory)
            .CreatedBy("Etl")
            .Version(ParquetVersion.PARQUET_2_6)
            .MaxRowGroupLength(int.MaxValue)
            .EnableStoreDecimalAsInteger()
            .DisableDictionary()
            .Compression(compression);
        if (compression == Compression.Zstd)
            builder.CompressionLevel(1);
        for (var i = 0; i < columns.Length; i++)
        {
            using var path = new ParquetSharp.Schema.ColumnPath([schema.Columns[i].Name]);
            if (columns[i].Dictionary)
                builder.EnableDictionary(path);
            else if (columns[i].Encoding != Encoding.Plain)
                builder.Encoding(path, columns[i].Encoding);
            // The smallest and largest text of a page cost a comparison a value, and a load reads every page.
            if (schema.Columns[i].Type == ColumnType.String)
                builder.DisableStatistics(path);
        }
        return builder.Build();
    }
}
