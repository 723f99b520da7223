using System.Text;
using CsCheck;
using Etl.Core.Contracts;
using Etl.Core.State;
using Xunit;

namespace Etl.Core.Tests.State;

public sealed class WatermarkTests
{
    [Fact]
    public void KeysAreInTheOrderOfTheirUtf8Bytes() =>
        Gen.Select(Gen.String[Gen.Char["ab/\uFFEE\uD7FF\u0444"], 0, 4], Gen.String[Gen.Char["ab\uFFEE\uE000"], 0, 4], Gen.Bool, Gen.Bool).Sample((a, b, x, y) =>
        {
            (a, b) = (a + (x ? "😀" : ""), b + (y ? "😀z" : ""));
            var beyond = Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)) > 0;
            Assert.Equal(!beyond, new Watermark(Key: b).Covers(new SourceObject(a, "v", 1, default)));
        });

    [Fact]
    public void ItOnlyEverRises()
    {
        var mark = Watermark.Raise(null, new SourceObject("b", "v", 1, DateTimeOffset.UnixEpoch.AddDays(9)), WatermarkBy.Modified, TimeSpan.FromDays(1));

        Assert.Equal(mark, Watermark.Raise(mark, new SourceObject("a", "v", 1, DateTimeOffset.UnixEpoch.AddDays(8)), WatermarkBy.Modified, TimeSpan.FromDays(1)));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(8), mark.Floor);
        Assert.Equal("b", Watermark.Raise(new Watermark(Key: "b"), new SourceObject("a", "v", 1, default), WatermarkBy.Key, default).Key);
    }
}
