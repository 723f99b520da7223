using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Errors;
using ParquetSharp;
using ParquetSharp.Arrow;
using TimeUnit = Apache.Arrow.Types.TimeUnit;

namespace Etl.Formats.Parquet.Reading;

/// <summary>An open Parquet file, read by Arrow C++ one row group after another: memory is what a row group's wanted columns take as they are stored, and one batch. For one reader at a time.</summary>
internal sealed class ParquetFile : IDisposable
{
    private const int BatchRows = 8_192;
    private readonly string name;
    private readonly SourceBytes bytes;
    private readonly FileReader reader;

    private ParquetFile(string name, SourceBytes bytes, FileReader reader)
    {
        (this.name, this.bytes, this.reader) = (name, bytes, reader);
        var leaf = 0;
        Columns = [.. reader.Schema.FieldsList.Select(field =>
        {
            var first = leaf;
            leaf += Leaves(field.DataType);
            return FileColumn.Of(field, first);
        })];
    }

    /// <summary>The columns, in the file's order.</summary>
    public IReadOnlyList<FileColumn> Columns { get; }

    /// <summary>Row groups in it.</summary>
    public int RowGroups => reader.NumRowGroups;

    /// <summary>Opens a file: reads its footer.</summary>
    /// <param name="content">Its bytes, seekable; not disposed here.</param>
    /// <param name="name">The file, for errors.</param>
    /// <param name="cancel">Stops reading, now and later.</param>
    /// <exception cref="DataException">It is no Parquet file, or one that cannot be read.</exception>
    public static Task<ParquetFile> OpenAsync(Stream content, string name, CancellationToken cancel) => Task.Run(
        () =>
        {
            var bytes = new SourceBytes(content, cancel);
            return Guarded(name, bytes, () =>
            {
                using var properties = ReaderProperties.GetDefaultReaderProperties();
                using var arrow = ArrowReaderProperties.GetDefault();
                (arrow.UseThreads, arrow.PreBuffer, arrow.BatchSize) = (false, false, BatchRows);
                // Impala's and Spark's old timestamps: those of Spark have microseconds, and with nanoseconds years beyond 2262 would turn into others.
                arrow.CoerceInt96TimestampUnit = TimeUnit.Microsecond;
                return new ParquetFile(name, bytes, new FileReader(bytes, properties, arrow, leaveOpen: true));
            });
        },
        cancel);

    /// <summary>The rows of a row group, some columns of them, by their leaves. The receiver disposes each batch.</summary>
    /// <exception cref="DataException">The bytes are damaged.</exception>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(int rowGroup, int[] leaves, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var batches = Guarded(name, bytes, () => reader.GetRecordBatchReader([rowGroup], leaves));
        while (await Task.Run(() => Guarded(name, bytes, () => batches.ReadNextRecordBatchAsync(cancel).AsTask().GetAwaiter().GetResult()), cancel).ConfigureAwait(false) is { } batch)
            yield return batch;
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    private static T Guarded<T>(string name, SourceBytes bytes, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not EtlException)
        {
            bytes.ThrowFailure();
            // What Arrow's own stream says of damaged bytes is an exception of no type.
            throw e is ParquetException or IOException or InvalidOperationException || e.GetType() == typeof(Exception)
                ? new DataException($"{name} cannot be read as Parquet: {FirstLine(e)} Check that it is a whole Parquet file (its first and last four bytes are PAR1), in no archive, and not encrypted.", e)
                : e is OverflowException ? new DataException($"{name} cannot be read as Parquet: its footer holds numbers that no file has.", e) : e;
        }
    }

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].TrimEnd('.', ' ', '\r') + ".";

    private static int Leaves(IArrowType type) => type is NestedType nested ? Math.Max(1, nested.Fields.Sum(f => Leaves(f.DataType))) : 1;
}
