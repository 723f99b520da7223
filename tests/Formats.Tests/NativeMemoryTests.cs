using Etl.Core.Contracts;
using Etl.Formats.Parquet;
using Etl.Testing;
using ParquetSharp;
using Xunit;

namespace Etl.Formats.Tests;

/// <summary>The native pool is the process's, so nothing else may encode meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed class NativeMemoryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NativeMemoryIsGivenBack()
    {
        var pool = MemoryPool.GetDefaultMemoryPool();
        var before = pool.BytesAllocated;
        await new ParquetEncoder(StagingCompression.Zstd).EncodeAsync(Batches.Stream(AllTypes.Batch()), AllTypes.Schema, Stream.Null, Cancel);
        await Assert.ThrowsAsync<IOException>(async () =>
            await new ParquetEncoder(StagingCompression.Zstd).EncodeAsync(Batches.Stream(AllTypes.Batch()), AllTypes.Schema, new CountingStream { FailAfter = 20 }, Cancel));
        Assert.Equal(before, pool.BytesAllocated);
    }
}
