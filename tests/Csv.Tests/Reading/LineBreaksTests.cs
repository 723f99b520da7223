using System.Text;
using CsCheck;
using Etl.Csv.Reading;

namespace Etl.Csv.Tests.Reading;

public sealed class LineBreaksTests
{
    [Fact]
    public void EachOfTheThreeEndsOneLine() =>
        AnyOf.These("\r\n", "\n", "\r", "a", new string('b', 31), new string('c', 63)).Array[0, 30].Sample(pieces =>
        {
            var text = string.Concat(pieces);
            Assert.Equal(text.Replace("\r\n", "\n", StringComparison.Ordinal).Count(c => c is '\r' or '\n'), LineBreaks.Count(Encoding.UTF8.GetBytes(text)));
        }, iter: 20_000);
}
