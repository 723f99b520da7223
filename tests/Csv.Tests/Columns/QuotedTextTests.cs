using System.Text;
using CsCheck;
using Etl.Csv.Columns;

namespace Etl.Csv.Tests.Columns;

public sealed class QuotedTextTests
{
    [Fact]
    public void DoubledQuotesBecomeOneAndLoneOnesStay() =>
        AnyOf.These("\"\"", "\"\"", "\"", "a", "é", "\r\n", new string('b', 29), new string('c', 62)).Array[0, 24].Sample(pieces =>
        {
            var inside = Encoding.UTF8.GetBytes(string.Concat(pieces));
            // What follows is no part of it, quotes or not.
            byte[] text = [.. inside, .. Encoding.UTF8.GetBytes(new string('"', FieldText.Padding))];
            var room = new byte[inside.Length + FieldText.Padding];
            var written = QuotedText.Unescape(text.AsSpan(0, inside.Length), (byte)'"', ref room[0]);
            Assert.Equal(OneByOne(inside), Encoding.UTF8.GetString(room, 0, written));
        }, iter: 100_000);

    private static string OneByOne(byte[] inside)
    {
        var text = new List<byte>();
        for (var i = 0; i < inside.Length; i++)
        {
            text.Add(inside[i]);
            if (inside[i] == '"' && i + 1 < inside.Length && inside[i + 1] == '"')
                i++;
        }
        return Encoding.UTF8.GetString([.. text]);
    }
}
