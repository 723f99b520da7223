using Apache.Arrow;
using Etl.Connectors.Local.Files;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Schemas;
using Etl.Csv;
using Microsoft.Extensions.Logging.Abstractions;

namespace Etl.Bench.Contenders;

/// <summary>Etl's own parser, alone on one thread.</summary>
internal static class EtlContender
{
    /// <summary>The schema of a file, as <c>etl infer</c> finds it.</summary>
    public static async Task<TableSchema> InferAsync(string file, CancellationToken cancel)
    {
        var context = new ConnectorContext("bench", Environment.CurrentDirectory, false, TimeProvider.System, NullLoggerFactory.Instance, new Dictionary<Type, object>());
        var source = new FileSource(new FileSourceOptions { Path = file }, context);
        await foreach (var found in source.ListAsync(cancel).ConfigureAwait(false))
            return (await new Converter(source, new CsvParser(new CsvOptions()), TimeProvider.System).InferAsync(found, cancel).ConfigureAwait(false)).Schema;
        throw new FileNotFoundException(file);
    }

    /// <summary>The batches of a CSV text.</summary>
    public static IAsyncEnumerable<RecordBatch> ParseAsync(Stream content, TableSchema schema, CancellationToken cancel) =>
        new CsvParser(new CsvOptions()).ParseAsync(
            new SplitInput(new SourceObject("file:///bench.csv", "1", content.CanSeek ? content.Length : 0, DateTimeOffset.UnixEpoch), null, content, new ParseTally()), schema, new NoRejects(), cancel);

    /// <summary>Every column of every row as Arrow batches.</summary>
    public static async Task<Scanned> ScanAsync(Stream content, TableSchema schema, CancellationToken cancel)
    {
        var seen = default(Scanned);
        await foreach (var batch in ParseAsync(content, schema, cancel).ConfigureAwait(false))
        {
            using (batch)
                Count(batch, ref seen);
        }

        return seen;
    }

    private static void Count(RecordBatch batch, ref Scanned seen)
    {
        seen.Rows += batch.Length;
        for (var i = 0; i < batch.ColumnCount; i++)
        {
            switch (batch.Column(i))
            {
                case Int64Array a:
                    var integers = 0L;
                    foreach (var value in a.Values)
                        integers += value;
                    seen.Integers += integers;
                    break;
                case DoubleArray a:
                    var doubles = 0.0;
                    foreach (var value in a.Values)
                        doubles += value;
                    seen.Decimals += doubles;
                    break;
                case Decimal128Array a:
                    var sum = Int128.Zero;
                    foreach (var value in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Int128>(a.ValueBuffer.Span[..(a.Length * 16)]))
                        sum += value;
                    seen.Decimals += (double)sum / 1e9;
                    break;
                case StringArray a:
                    seen.TextLength += a.ValueOffsets[a.Length];
                    break;
                case IArrowArray a:
                    seen.Times += a.Length - a.NullCount;
                    break;
            }
        }
    }

    private sealed class NoRejects : IDeadLetters
    {
        public ValueTask RejectAsync(Reject reject, CancellationToken cancel) => throw new InvalidDataException($"Line {reject.Line}: {reject.Reason}");
    }
}
