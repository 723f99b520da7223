using Apache.Arrow;
using Apache.Arrow.C;
using DuckDB.NET.Native;
using Etl.Core.Schemas;

namespace Etl.Sql;

/// <summary>A query's answer as one batch.</summary>
internal static unsafe class ArrowResult
{
    /// <summary>Reads all chunks of <paramref name="result"/>, whose columns have the types of <paramref name="output"/>.</summary>
    public static RecordBatch Read(string transform, DuckDBResult result, DuckDBArrowOptions options, TableSchema output)
    {
        var schema = new Schema(output.Columns.Select(c => new Field(c.Name, SqlTypes.Out(c.Type), nullable: true)), metadata: null);
        var chunks = new List<RecordBatch>();
        try
        {
            while (true)
            {
                using var chunk = NativeMethods.Query.DuckDBFetchChunk(result);
                if (chunk.IsInvalid)
                    break;
                chunks.Add(Import(chunk, options, schema));
            }

            var columns = Enumerable.Range(0, output.Columns.Count).Select(i => Column(transform, chunks, i, output.Columns[i].Type)).ToList();
            return new RecordBatch(output.ToArrow(), columns, chunks.Sum(c => c.Length));
        }
        finally
        {
            // The columns of a single chunk are shared, those of several copied.
            chunks.ForEach(c => c.Dispose());
        }
    }

    private static RecordBatch Import(DuckDBDataChunk chunk, DuckDBArrowOptions options, Schema schema)
    {
        var array = CArrowArray.Create();
        try
        {
            using var error = NativeMethods.Arrow.DuckDBDataChunkToArrow(options, chunk, (nint)array);
            if (NativeMethods.ErrorData.DuckDBErrorDataHasError(error))
                throw new InvalidOperationException($"DuckDB did not give a batch ({NativeMethods.ErrorData.DuckDBErrorDataErrorType(error)}).");
            return CArrowArrayImporter.ImportRecordBatch(array, schema);
        }
        finally
        {
            CArrowArray.Free(array);
        }
    }

    private static IArrowArray Column(string transform, List<RecordBatch> chunks, int index, ColumnType type)
    {
        if (type == ColumnType.BigNumeric)
            return BigNumericResult.Of(transform, [.. chunks.Select(c => (BinaryArray)c.Column(index))], type.ToArrow());
        if (chunks.Count == 0)
            return ArrowArrayFactory.BuildArray(new ArrayData(type.ToArrow(), 0, 0, 0, type == ColumnType.String ? [ArrowBuffer.Empty, ArrowBuffer.Empty, ArrowBuffer.Empty] : [ArrowBuffer.Empty, ArrowBuffer.Empty]));
        return chunks.Count == 1 ? ArrowArrayFactory.SliceShared(chunks[0].Column(index), 0, chunks[0].Length) : ArrowArrayConcatenator.Concatenate([.. chunks.Select(c => c.Column(index))]);
    }
}
