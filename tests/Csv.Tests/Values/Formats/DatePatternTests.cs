using System.Globalization;
using System.Text;
using CsCheck;
using Etl.Csv.Values.Formats;

namespace Etl.Csv.Tests.Values.Formats;

public sealed class DatePatternTests
{
    private static readonly string[] Patterns =
    [
        "yyyy-MM-dd", "yyyy/M/d", "d/M/yyyy", "MM/dd/yyyy", "dd.MM.yyyy", "yyyyMMdd", "d MMM yyyy", "MMMM d, yyyy", "dd-MMM-yyyy", "yyyy年M月d日",
        "yyyy-MM-dd HH:mm", "d/M/yyyy H:mm:ss", "M/d/yyyy h:mm:ss tt", "yyyyMMddHHmmss", "yyyy-MM-dd'T'HH:mm:ss.ffffff", "yyyy-MM-dd HH:mm:ss.FFFFFF", "dddd, d MMMM yyyy", "ddd d MMM yyyy HH:mm",
        "yy/MM/dd", "H:mm", "HHmmss",
    ];

    private static readonly Gen<string> Noise = AnyOf.These("0", "1", "9", "12", "31", "2024", "/", "-", ":", " ", "Jan", "May", "AM", "pm", ".", "年").Array[1, 9].Select(string.Concat);

    [Fact]
    public void WhatDotNetWritesIsReadBack() => Gen.Select(AnyOf.These(Patterns), Gen.DateTime).Sample((pattern, when) =>
    {
        if (pattern.Contains("yy/", StringComparison.Ordinal) && !pattern.Contains("yyyy", StringComparison.Ordinal) && when.Year is < 1950 or > 2049)
            return;
        var text = when.ToString(pattern, CultureInfo.InvariantCulture);
        var expected = DateTime.ParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault);
        Assert.True(new DatePattern(pattern).TryParse(Encoding.UTF8.GetBytes(text), out var read));
        Assert.Equal((expected.Ticks - DateTime.UnixEpoch.Ticks) / 10, read.Local);
    }, iter: TestSize.Of(20_000));

    [Fact]
    public void WhatDotNetRefusesIsRefused() => Gen.Select(AnyOf.These(Patterns), Noise).Sample((pattern, text) =>
    {
        // Whole names where .NET wants three letters, full-width digits and 0 o'clock PM are taken on purpose.
        if (pattern.Contains("MMM", StringComparison.Ordinal) || pattern.Contains("tt", StringComparison.Ordinal))
            return;
        var fits = DateTime.TryParseExact(text.Trim(' '), pattern, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out var expected);
        Assert.Equal(fits, new DatePattern(pattern).TryParse(Encoding.UTF8.GetBytes(text), out var read));
        if (fits)
            Assert.Equal((expected.Ticks - DateTime.UnixEpoch.Ticks) / 10, read.Local);
    }, iter: TestSize.Of(20_000));

    // The first days of the eras; .NET's own calendar needs more globalization data than this program has.
    private static readonly (DateTime First, string Name, string Letter)[] Eras =
        [(new(1868, 1, 1), "明治", "M"), (new(1912, 7, 30), "大正", "T"), (new(1926, 12, 25), "昭和", "S"), (new(1989, 1, 8), "平成", "H"), (new(2019, 5, 1), "令和", "R")];

    [Fact]
    public void EveryDayOfEveryEraIsRead() => Gen.Int[0, 80_000].Select(d => new DateTime(1873, 1, 1).AddDays(d)).Sample(day =>
    {
        var era = Eras.Last(e => e.First <= day);
        var names = (Item1: era.Name, Item2: era.Letter);
        var year = day.Year - era.First.Year + 1;
        foreach (var (text, pattern) in new[]
        {
            ($"{names.Item1}{(year == 1 ? "元" : year.ToString(CultureInfo.InvariantCulture))}年{day.Month}月{day.Day}日", "ggy年M月d日"),
            ($"{names.Item2}{year}.{day.Month}.{day.Day}", "ggy.M.d"),
            ($"{names.Item1[..1]}{year:00}/{day.Month:00}/{day.Day:00}", "ggyy/MM/dd"),
        })
        {
            Assert.True(new DatePattern(pattern).TryParse(Encoding.UTF8.GetBytes(text), out var read), text);
            Assert.Equal((day.Date - DateTime.UnixEpoch).Days, read.Days);
        }
    }, iter: TestSize.Of(5_000));

    [Theory]
    [InlineData("yyyy年M月d日", "２０２４年１２月２０日", "2024-12-20T00:00:00")]
    [InlineData("yyyy/MM/dd", "２０２４／１２／２０", "2024-12-20T00:00:00")]
    [InlineData("yyyy年M月d日(ddd)", "2024年12月20日(金)", "2024-12-20T00:00:00")]
    [InlineData("yyyy年M月d日(ddd)", "2024年12月20日(木)", null)]
    [InlineData("yyyy/M/d tth:mm", "2024/1/2 午後3:04", "2024-01-02T15:04:00")]
    [InlineData("yyyy/M/d tth:mm", "2024/1/2 午後0:30", "2024-01-02T12:30:00")]
    [InlineData("M/d/yyyy h:mm tt", "1/2/2024 12:00 am", "2024-01-02T00:00:00")]
    [InlineData("d MMM yyyy", "3 Sept. 2024", "2024-09-03T00:00:00")]
    [InlineData("d MMM yyyy", "3 SEPTEMBER 2024", "2024-09-03T00:00:00")]
    [InlineData("ggy年M月d日", "平成36年2月29日", "2024-02-29T00:00:00")]
    [InlineData("ggy年M月d日", "明治5年10月1日", null)]
    [InlineData("dd/MM/yyyy", "29/02/2023", null)]
    [InlineData("dd/MM/yyyy", "29/02/2024", "2024-02-29T00:00:00")]
    [InlineData("dd/MM/yyyy", "31/12/9999", "9999-12-31T00:00:00")]
    [InlineData("dd/MM/yyyy", "01/01/0001", "0001-01-01T00:00:00")]
    [InlineData("dd/MM/yyyy", "01/01/0000", null)]
    [InlineData("d/M/yyyy H:mm:ss.fffffffff", "1/1/2024 0:00:00.123456789", null)]
    [InlineData("d/M/yyyy H:mm:ss.fffffffff", "1/1/2024 0:00:00.123456000", "2024-01-01T00:00:00.123456")]
    public void AKnownTextReadsAsItShould(string pattern, string text, string? expected)
    {
        var fits = new DatePattern(pattern).TryParse(Encoding.UTF8.GetBytes(text), out var read);
        Assert.Equal(expected, fits ? DateTime.UnixEpoch.AddTicks(read.Local * 10).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF", CultureInfo.InvariantCulture) : null);
    }

    [Theory]
    [InlineData("yyyy/MM", "needs year, month and day")]
    [InlineData("dd/mm/yyyy", "needs year, month and day")]
    [InlineData("y/M/d", "y stands alone")]
    [InlineData("yyyy/M/d h:mm", "need each other")]
    [InlineData("yyyyMd", "side by side")]
    [InlineData("yyyy-MM-dd at HH:mm", "a means nothing")]
    [InlineData("yyyy-MM-dd 'x", "never closed")]
    [InlineData("yyyy-MM-dd dd", "the day twice")]
    [InlineData("-", "neither a date nor an hour")]
    [InlineData("yyyy-MM-dd ss", "no minutes")]
    [InlineData("MMMMM d yyyy", "means nothing")]
    public void AMistakeInAPatternIsNamed(string pattern, string problem) =>
        Assert.Contains(problem, Assert.Throws<FormatException>(() => new DatePattern(pattern)).Message, StringComparison.Ordinal);

    [Fact]
    public void NoTextAndNoPatternMakesItThrowAnythingElse() =>
        Gen.Select(Gen.String[AnyOf.These("yMdHhmsfFtgzK/-: .'年\\\"x".ToCharArray()), 1, 12], Gen.Byte.Array[0, 30]).Sample((pattern, text) =>
        {
            try
            {
                _ = new DatePattern(pattern).TryParse(text, out _);
            }
            catch (FormatException)
            {
                // The pattern is wrong, and says so.
            }
        }, iter: TestSize.Of(20_000));
}
