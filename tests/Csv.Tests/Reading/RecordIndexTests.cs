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

    [Fact]
    public void RecordsAheadAreThoseTheReaderComesTo() =>
        Gen.Select(AnyOf.These("a", "\"b,\"\"c\"", "", "\"", "\n", "\r\n", ",", ",", "1,2\n3,4\n5,6\n", "1,2\r\n3,4\r\n", "1,\"2\n\"\n\"3\",4\n", "long enough to end in another block").Array[0, 80], Gen.Int[0, 20], Gen.Int[2, 3], Gen.Int[1, 5])
            .Sample((pieces, before, fields, most) =>
            {
                var text = Encoding.UTF8.GetBytes(new string(' ', before) + string.Concat(pieces)).AsMemory(before);
                var (expected, faults) = (new List<string>(), new HashSet<int>());
                using (var reader = CsvReader.Create(text, Options(() => faults.Add(expected.Count))))
                {
                    while (reader.Read())
                        expected.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Encoding.UTF8.GetString(reader.GetRawSpan(i)))));
                }
                var found = new List<string>();
                using var ahead = CsvReader.Create(text, Options(() => { }));
                while (true)
                {
                    var run = RecordIndex.Ahead(ahead, fields, most);
                    Assert.InRange(run.Rows, 0, most);
                    for (var row = 0; row < run.Rows; row++)
                    {
                        Assert.DoesNotContain(found.Count, faults);
                        found.Add(string.Join('|', Fields(run, row)));
                    }
                    if (run.Rows > 0)
                        RecordIndex.Pass(ahead, run);
                    else if (ahead.Read())
                        found.Add(string.Join('|', Enumerable.Range(0, ahead.FieldCount).Select(i => Encoding.UTF8.GetString(ahead.GetRawSpan(i)))));
                    else
                        break;
                }
                Assert.Equal(expected, found);

                IEnumerable<string> Fields(RecordRun run, int row) =>
                    Enumerable.Range(0, fields).Select(field => run.Column(field)[row]).Select(s => Encoding.UTF8.GetString(text.Span.Slice(s.Start - before, s.Length)));
            }, iter: 5_000);

    private static CsvReaderOptions Options(Action fault) => new() { HasHeader = false, Separator = ',', TrackLineNumbers = false, OnMalformedRecord = _ => fault() };
}
