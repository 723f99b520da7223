using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Testing;
using Xunit;

namespace Etl.Formats.Tests;

public sealed class FailureTests
{
    public static TheoryData<StagingFormat, StagingCompression> Encodings { get; } = new()
    {
        { StagingFormat.Parquet, StagingCompression.Auto },
        { StagingFormat.Csv, StagingCompression.Auto },
        { StagingFormat.Ndjson, StagingCompression.None },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task AFailureOfTheInputEscapesAndTheFileGetsNoEnd(StagingFormat format, StagingCompression compression)
    {
        var (whole, broken) = (new CountingStream(), new CountingStream());
        var encoder = EncoderFactory.Create(new(format, compression));
        await encoder.EncodeAsync(Batches.Stream(AllTypes.Batch()), AllTypes.Schema, whole, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<DataException>(async () => await encoder.EncodeAsync(Failing(), AllTypes.Schema, broken, TestContext.Current.CancellationToken));
        Assert.True(broken.Count < whole.Count, $"{broken.Count} bytes of {whole.Count}");
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task TheOutputsOwnExceptionEscapes(StagingFormat format, StagingCompression compression)
    {
        var encoder = EncoderFactory.Create(new(format, compression));
        var failure = await Assert.ThrowsAsync<IOException>(async () =>
            await encoder.EncodeAsync(Batches.Stream(AllTypes.Batch()), AllTypes.Schema, new CountingStream { FailAfter = 8 }, TestContext.Current.CancellationToken));
        Assert.Equal("The pipe broke.", failure.Message);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task CancellationStopsTheFileWithoutAnEnd(StagingFormat format, StagingCompression compression)
    {
        using var cancel = new CancellationTokenSource();
        var output = new CountingStream();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await EncoderFactory.Create(new(format, compression)).EncodeAsync(Cancelling(cancel), AllTypes.Schema, output, cancel.Token));
        Assert.True(output.Count <= 4, $"{output.Count} bytes were written.");
    }

    [Theory]
    [InlineData(StagingFormat.Csv, StagingCompression.Snappy)]
    [InlineData(StagingFormat.Csv, StagingCompression.Zstd)]
    [InlineData(StagingFormat.Ndjson, StagingCompression.Zstd)]
    public void TextIsNotCompressedWithWhatBigQueryCannotRead(StagingFormat format, StagingCompression compression)
    {
        var failure = Assert.Throws<DataException>(() => EncoderFactory.Create(new(format, compression)));
        Assert.Contains("gzip", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PassthroughHasNoEncoder() =>
        Assert.Throws<ArgumentException>(() => EncoderFactory.Create(new(StagingFormat.Passthrough, StagingCompression.Auto)));

    private static async IAsyncEnumerable<RecordBatch> Failing()
    {
        yield return AllTypes.Batch();
        await Task.Yield();
        throw new DataException("The source broke.");
    }

    private static async IAsyncEnumerable<RecordBatch> Cancelling(CancellationTokenSource source, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        yield return AllTypes.Batch();
        await source.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }
}
