using System.Globalization;
using System.Text;
using CsCheck;
using Etl.Core.Contracts;
using Etl.Csv.Inference;

namespace Etl.Csv.Tests.Inference;

public sealed class RunInferenceTests
{
    // Kinds of columns, each with what may come up in it now and then.
    private static readonly Gen<string>[] Columns =
    [
        Gen.Long.Select(i => i.ToString(CultureInfo.InvariantCulture)),
        Gen.Int[0, 99_999].Select(i => i.ToString(CultureInfo.InvariantCulture)),
        Gen.Int[0, 999_999].Select(i => (i / 100m).ToString(CultureInfo.InvariantCulture)),
        Gen.Select(Gen.Int[-9999, 9999], Gen.Int[0, 12]).Select((i, digits) => (i / 7m).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
        Gen.Int[0, 999].Select(i => i.ToString("D6", CultureInfo.InvariantCulture)),
        Gen.Int[0, 40_000].Select(d => DateTime.UnixEpoch.AddDays(d).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        Gen.Int[0, 40_000].Select(d => DateTime.UnixEpoch.AddDays(d).ToString("yyyyMMdd", CultureInfo.InvariantCulture)),
        Gen.Int[0, 40_000].Select(d => DateTime.UnixEpoch.AddDays(d).ToString("dd.MM.yyyy", CultureInfo.InvariantCulture)),
        Gen.Select(Gen.Int, AnyOf.These("", ".5", ".123456")).Select((s, end) => DateTime.UnixEpoch.AddSeconds(s).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + end),
        Gen.Select(Gen.Int, AnyOf.These("Z", "Z", "Z", "+09:00", ".25Z")).Select((s, end) => DateTime.UnixEpoch.AddSeconds(s).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + end),
        Gen.String[Gen.OneOf(Gen.Char['a', 'z'], AnyOf.These(' ', '"', ',', '\n', 'é', '茶', '1', '-', '.')), 0, 30],
        AnyOf.These("true", "false"),
        AnyOf.These("", "x", "NULL", "1", "1.5", "007", "-", "2024-02-30", "１２", "\"\"", "1,234", " 12 ", "-0", "-.5", "1.", "1e5"),
    ];

    private static readonly CsvOptions Options = new() { Header = true, Delimiter = ",", Quote = "\"", SkipLines = 0 };

    private static readonly Gen<string> Odd = AnyOf.These("", "x", "N/A", "12", "-12", "1.25", "01", "2024-01-31", "2024-02-30", "2024/1/31", "2024-01-31T10:00:00Z", "2024-01-31T10:00:00X", "12345678901234567890", "\"a\"", "\"", "b\nc");

    private static readonly Gen<string> Tables =
        from width in Gen.Int[2, 5]
        from kinds in Gen.Int[0, Columns.Length - 1].Array[width]
        from rows in Gen.Select(kinds.Aggregate(Gen.Const<string[]>([]), (row, k) => Gen.Select(row, Columns[k]).Select((fields, field) => fields.Append(field).ToArray())), Gen.Int[0, 400], Odd).Array[0, 300]
        from quoteAll in Gen.Bool
        from end in AnyOf.These("\n", "\r\n")
        from last in Gen.Bool
        select Text(rows, width, quoteAll, end, last);

    [Fact]
    public void RecordsTakenTogetherShowWhatTheyShowOneByOne() =>
        Tables.Sample(text => Assert.Equal(Seen(text, Options with { Null = ["\u0001"] }), Seen(text, Options)), iter: 3_000);

    [Fact]
    public void ShortNumbersAreWhatTheParsersTakeThemFor() =>
        Gen.String[AnyOf.These('0', '1', '9', '.', '-', '5', '0', '7'), 1, 17].Sample(
            text =>
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                var kind = ShortNumber.KindOf(bytes);
                var parsed = ValueClassifier.ClassifyNumber(bytes);
                var decimals = text.Length - 1 - text.IndexOf('.', StringComparison.Ordinal);
                var isShort = text.Length <= ShortNumber.MostBytes && (parsed == ValueKind.Integer || (parsed == ValueKind.Numeric && decimals <= 9 && char.IsAsciiDigit(text.TrimStart('-')[0])));
                Assert.Equal(isShort ? parsed : ValueKind.Text, kind);
            },
            iter: 200_000);

    // Texts for missing values make inference look at each field by itself.
    private static string Seen(string text, CsvOptions options)
    {
        var inferrer = new SchemaInferrer(options);
        var bytes = Encoding.UTF8.GetBytes(text);
        inferrer.AddAsync(new Sample(Csv.Object(), null, bytes, true), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return string.Join('\n', inferrer.Columns.Select(c => $"{c.Name} {c.Type} {c.Values} " + string.Join(' ', Enum.GetValues<ValueKind>().Select(k => $"{k} {c.CountOf(k)} {c.FirstOf(k)?.Position} {c.FirstOf(k)?.Value}"))));
    }

    private static string Text((string[] Fields, int Chance, string Odd)[] rows, int width, bool quoteAll, string end, bool last)
    {
        var lines = new List<string> { string.Join(',', Enumerable.Range(0, width).Select(i => $"name{i}")) };
        foreach (var (fields, chance, odd) in rows)
        {
            switch (chance)
            {
                case 0:
                    lines.Add(lines[0]);
                    break;
                case 1:
                    lines.Add(new string(',', width - 1));
                    break;
                case 2:
                    lines.Add("");
                    break;
                case 3:
                    lines.Add(string.Join(',', fields.Take(width - 1).Select(f => Field(f, quoteAll))));
                    break;
                case 4:
                    lines.Add(string.Join(',', fields.Append(odd).Select(f => Field(f, quoteAll))));
                    break;
                case 5:
                    lines.Add("a\"b" + string.Concat(Enumerable.Repeat(",\"c\"d", width - 1)));
                    break;
                default:
                    if (chance < 30)
                        fields[chance % width] = odd;
                    lines.Add(string.Join(',', fields.Select(f => Field(f, quoteAll))));
                    break;
            }
        }
        return string.Join(end, lines) + (last ? end : "");
    }

    private static string Field(string text, bool quoteAll) => quoteAll || text.AsSpan().IndexOfAny("\",\n\r") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
