using System.Text;
using CsCheck;
using CsvHelper;
using Etl.Csv.Reading;

namespace Etl.Csv.Tests.Reading;

public sealed class RecordIndexTests
{
    [Fact]
    public void ItSaysOfEachFieldWhatTheReaderSays() =>
        Gen.Select(AnyOf.These("a", "\"b,\"\"c\"", "", "\"", "\n", "\r\n", ",", ",", "long enough to end in another block").Array[0, 60], Gen.Int[0, 20]).Sample((pieces, before) =>
        {
            var text = Encoding.UTF8.GetBytes(new string(' ', before) + string.Concat(pieces));
            using var reader = CsvReader.Create(text.AsMemory(before), new CsvReaderOptions { HasHeader = false, Separator = ',', OnMalformedRecord = _ => { } });
            while (reader.Read())
            {
                var index = RecordIndex.Of(reader);
                var shift = before + (int)reader.ByteOffset - RecordIndex.PlaceOf(index[0]);
                Assert.Equal(reader.FieldCount + 1, index.Length);
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    var (start, end) = (shift + RecordIndex.PlaceOf(index[i]), shift + RecordIndex.PlaceOf(index[i + 1]) - 1);
                    Assert.Equal(reader.GetRawSpan(i), text.AsSpan(start..end));
                }
                Assert.Equal(reader.RawRecord.Length, RecordIndex.PlaceOf(index[^1]) - 1 - RecordIndex.PlaceOf(index[0]));
            }
        }, iter: 3_000);
}
