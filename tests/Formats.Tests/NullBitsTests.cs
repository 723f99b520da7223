using Apache.Arrow;
using CsCheck;
using Etl.Formats.Parquet;
using Xunit;

namespace Etl.Formats.Tests;

public sealed class NullBitsTests
{
    // Lengths round and odd, and slices that start anywhere.
    private static readonly Gen<(bool[] Valid, int Skipped)[]> Arrays =
        Gen.Select(Gen.Frequency((3, Gen.Bool), (1, Gen.Const(true))).Array[Gen.OneOf(Gen.Int[0, 40], Gen.Const(16), Gen.Const(64))], Gen.OneOf(Gen.Const(0), Gen.Const(8), Gen.Int[0, 20])).Array[0, 8];

    [Fact]
    public void ArraysOneAfterTheOtherKeepTheirMissingValues() =>
        Arrays.Sample(
            parts =>
            {
                var valid = parts.SelectMany(p => p.Valid.Skip(p.Skipped)).ToArray();
                using var bits = new NullBits(valid.Length);
                foreach (var (flags, skipped) in parts)
                {
                    var builder = new Int32Array.Builder();
                    foreach (var flag in flags)
                        _ = flag ? builder.Append(7) : builder.AppendNull();
                    using var array = builder.Build();
                    bits.Append(array.Slice(Math.Min(skipped, flags.Length), Math.Max(0, flags.Length - skipped)));
                }

                Assert.Equal(valid.Count(v => !v), bits.NullCount);
                var built = bits.Build();
                Assert.Equal(bits.NullCount == 0, built.IsEmpty);
                if (!built.IsEmpty)
                    Assert.Equal(valid, valid.Select((_, i) => BitUtility.GetBit(built.Span, i)));
            },
            iter: 20_000);
}
