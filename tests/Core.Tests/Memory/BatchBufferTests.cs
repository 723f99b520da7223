using CsCheck;
using Etl.Core.Memory;
using Xunit;

namespace Etl.Core.Tests.Memory;

public sealed class BatchBufferTests
{
    [Fact]
    public void BuffersInUseAtOnceShareNoMemory() =>
        Gen.Int[1, 5000].Array[1, 40].Sample(lengths =>
        {
            var arrays = new List<Apache.Arrow.ArrowBuffer>();
            for (var i = 0; i < lengths.Length; i++)
            {
                using var buffer = new BatchBuffer<int>(lengths[i]);
                buffer.Span.Fill(i);
                if (i % 3 == 2)
                {
                    buffer.Grow(lengths[i] * 3);
                    buffer.Span[lengths[i]..].Fill(i);
                }
                arrays.Add(buffer.Build());
                // Every other array is done with at once, so that its memory is written again.
                if (i % 2 == 1)
                    arrays[i].Dispose();
            }
            for (var i = 0; i < arrays.Count; i += 2)
            {
                Assert.Equal(lengths[i] * (i % 3 == 2 ? 3 : 1), arrays[i].Length / sizeof(int));
                Assert.Equal(-1, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(arrays[i].Span).IndexOfAnyExcept(i));
                arrays[i].Dispose();
            }
        });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(257)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(80 << 20)]
    public void EverySizeHasItsRoom(int bytes)
    {
        using var buffer = new BatchBuffer<byte>(bytes);
        buffer.Span.Fill(7);
        Assert.Equal(bytes, buffer.Length);
        using var array = buffer.Build();
        Assert.Equal(bytes, array.Length);
    }

    [Fact]
    public void WhatWasHandedToAnArrayIsNotWrittenAnyMore()
    {
        using var buffer = new BatchBuffer<long>(8);
        using var array = buffer.Build();
        Assert.Throws<ObjectDisposedException>(() => buffer.Span[0] = 1);
        Assert.Throws<ObjectDisposedException>(() => buffer.Build());
    }
}
