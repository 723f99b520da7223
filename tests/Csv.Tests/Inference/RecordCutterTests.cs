using System.Text;
using CsCheck;
using Etl.Csv.Inference;

namespace Etl.Csv.Tests.Inference;

public sealed class RecordCutterTests
{
    [Fact]
    public void ItCutsWhereOneWhoGoesByteByByteDoes() =>
        Gen.Select(AnyOf.These('"', '"', ',', '\n', '\r', '\\', ' ', 'a').Array[0, 200], AnyOf.These('"', '\\'), Gen.Bool).Sample((signs, escape, trims) =>
        {
            var dialect = new CsvDialect { Encoding = "utf-8", Delimiter = ",", Quote = '"', Escape = escape, TrimSpaces = trims, HasHeader = true };
            var text = Encoding.UTF8.GetBytes(signs);
            var cutter = new RecordCutter(dialect);
            var (end, open) = Expected(signs, escape, trims);
            Assert.Equal((end, open), (cutter.WholeRecords(text), cutter.EndsInQuotes));
        }, iter: 20_000);

    private static (int End, bool Open) Expected(char[] text, char escape, bool trims)
    {
        var (end, open, fieldStart) = (0, false, true);
        for (var i = 0; i < text.Length; i++)
        {
            var sign = text[i];
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (open)
            {
                if (escape == '\\' ? sign == '\\' : sign == '"' && next == '"')
                    i++;
                else if (sign == '"')
                    (open, fieldStart) = (false, false);
            }
            else if (sign == '"' && fieldStart)
            {
                open = true;
            }
            else
            {
                // A return that ends the text may be half of a line's end.
                if (sign == '\n' || (sign == '\r' && i + 1 < text.Length))
                    end = i + 1;
                fieldStart = sign is ',' or '\n' or '\r' || (trims && fieldStart && sign == ' ');
            }
        }
        return (end, open);
    }
}
