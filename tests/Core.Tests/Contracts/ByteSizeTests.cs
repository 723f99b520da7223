using Etl.Core.Contracts;
using Xunit;

namespace Etl.Core.Tests.Contracts;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("128MB", 128_000_000)]
    [InlineData("128 MiB", 134_217_728)]
    [InlineData("1.5kB", 1_500)]
    [InlineData("2gb", 2_000_000_000)]
    [InlineData("64KiB", 65_536)]
    [InlineData("700", 700)]
    [InlineData("700B", 700)]
    public void ASizeIsReadWithItsUnit(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text, null).Bytes);

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-1MB")]
    [InlineData("0")]
    [InlineData("0.1B")]
    [InlineData("1e6")]
    [InlineData("many")]
    [InlineData("99999999999999999999GB")]
    public void SomethingElseIsNotASize(string text) => Assert.False(ByteSize.TryParse(text, null, out _));
}
