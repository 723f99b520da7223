using System.Text;
using CsCheck;

namespace Etl.Csv.Tests;

/// <summary>Whole files of generated words, in each encoding they can be written in.</summary>
public sealed class EncodingDetectionTests
{
    static EncodingDetectionTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private static readonly Gen<string> JapaneseWord = AnyOf.These(
        "山田太郎", "佐藤 花子", "東京都千代田区", "大阪府", "株式会社ソニー", "表計算", "ソフト", "予約済み", "申込書", "ありがとう", "コーヒー", "ﾔﾏﾀﾞ ﾀﾛｳ", "ｶ)ｻﾄｳ", "㈱山本", "①番", "髙橋", "１２３", "￥500", "能力", "貼付", "暴走");

    private static readonly Gen<string> WesternWord = AnyOf.These(
        "Hélène", "François", "Málaga", "Köln", "Århus", "niño", "“quoted”", "it’s", "10 €", "25°C", "Straße", "naïve", "Łódź"[1..], "São Paulo", "crème brûlée", "Ærø");

    [Theory]
    [InlineData("shift_jis")]
    [InlineData("euc-jp")]
    public void JapaneseIsTold(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        JapaneseWord.Array[8, 40].Sample(words =>
        {
            var bytes = encoding.GetBytes(Table(words));
            return CsvSniffer.Sniff(bytes, true).Encoding == name || encoding.GetString(bytes) != Table(words);
        }, iter: 2_000, seed: "7UTgGm7C1Cu3");
    }

    [Fact]
    public void HalfWidthKanaAloneAreCp932() => AnyOf.These("ﾔﾏﾀﾞ ﾀﾛｳ", "ｽｽﾞｷ", "ﾅｶﾞﾉ", "ﾐﾅﾐ", "ﾄｳｷｮｳ", "ﾊﾅｺ", "ｶﾌﾞｼｷｶﾞｲｼｬ", "ｺｰﾋｰ").Array[8, 40].Sample(words =>
        CsvSniffer.Sniff(Encoding.GetEncoding("shift_jis").GetBytes(Table(words)), true).Encoding == "shift_jis", iter: 2_000, seed: "7UTgGm7C1Cu3");

    [Fact]
    public void WesternEuropeanIsTold() => WesternWord.Array[8, 40].Sample(words =>
        CsvSniffer.Sniff(Encoding.GetEncoding("windows-1252").GetBytes(Table(words)), true).Encoding == "windows-1252", iter: 2_000, seed: "7UTgGm7C1Cu3");

    [Theory]
    [InlineData("shift_jis")]
    [InlineData("euc-jp")]
    [InlineData("windows-1252")]
    public void LinesOfAnotherEncodingAmongLinesOfUtf8MakeItNoOtherEncoding(string name)
    {
        var words = name == "windows-1252" ? WesternWord : JapaneseWord;
        Gen.Select(words.Array[6, 20], words.Array[1, 10]).Where((utf8, others) => utf8.Length >= others.Length).Sample((utf8, others) =>
            CsvSniffer.Sniff((byte[])[.. Encoding.UTF8.GetBytes(Table(utf8)), .. Encoding.GetEncoding(name).GetBytes(Lines(others))], true).Encoding == "utf-8", iter: 2_000, seed: "7UTgGm7C1Cu3");
    }

    [Fact]
    public async Task ARowInAnotherEncodingIsReadInItThoughTheFileIsShort()
    {
        byte[] bytes = [.. "番号,名前\n1,山田\n"u8, .. Encoding.GetEncoding("shift_jis").GetBytes("2,ソース\n"), .. "3,能力\n"u8];
        var parsed = await Csv.ParseAsync(bytes, options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(["山田", "ソース", "能力"], parsed.Rows.Select(r => r[1]));
        Assert.Equal([("other-encoding", 1L)], parsed.Tally.Repairs.Select(r => (r.Key, r.Value)));
    }

    private static string Table(string[] words) => "id,name,qty\n" + Lines(words);

    private static string Lines(string[] words) => string.Concat(words.Select((w, i) => $"{i},{w},{i * 7}\n"));
}
