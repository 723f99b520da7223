using System.Text;

namespace Etl.Fuzz;

/// <summary>Small texts to start from: one of each kind.</summary>
internal static class Corpus
{
    private static readonly string[] Texts =
    [
        "a,b,c\n1,2,3\n4,5,6\n", "id;name;price\r\n1;\"x;y\";1,5\r\n2;\"a\"\"b\";2,5\r\n", "k\tv\n1\tone\n2\ttwo\n", "a||b\n1||2\n3||4\n",
        "id,at,day,t,ok,amount\n1,2024-01-31T09:30:00Z,2024-01-31,09:30:00,true,12.50\n2,2024-02-29T23:59:59Z,2024-02-29,23:59:59,false,-0.000000001\n",
        "id,body\n1,\"two\nlines\"\n2,\"with \"\"quotes\"\" and, commas\r\n\"\n3,end\n", "\"a\",\"b\"\n\"x\\\"y\",\"z\"\n\"1\",\"2\"\n", "only\n1\n2\n3\n", "1,2,3\n4,5,6\n",
        "Report of May\nmade by hand\n\nid,name\n1,a\n2,b\nTotal,2\n", "# comment\nid,name\n1,a\n", "id,name\n1,a,\n2\n3,c,d,e\n", "商品,値段\n緑茶,120\n醤油,\"1,200\"\n", "", "\n", "\"", "\"a", ",,,\n,,,\n", "a b c\n1 2 3\n",
    ];

    /// <summary>The texts in UTF-8, some in other encodings too, each after a byte that chooses options, and the files of <paramref name="folder"/>.</summary>
    public static IReadOnlyList<byte[]> Load(DirectoryInfo? folder)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Encoding[] encodings = [new UTF8Encoding(false), Encoding.GetEncoding(932), Encoding.GetEncoding("euc-jp"), Encoding.GetEncoding(1252), new UnicodeEncoding(bigEndian: false, byteOrderMark: false), new UnicodeEncoding(bigEndian: true, byteOrderMark: false)];
        return
        [
            .. Texts.SelectMany((text, i) => encodings.Where((_, e) => e == 0 || (i + e) % 4 == 0).Select(e => (byte[])[(byte)(i * 37), .. e.GetBytes(text)])),
            .. folder?.EnumerateFiles("*", SearchOption.AllDirectories).Where(f => f.Length < 64 << 10).OrderBy(f => f.FullName, StringComparer.Ordinal).Select(f => (byte[])[0, .. File.ReadAllBytes(f.FullName)]) ?? [],
        ];
    }
}
