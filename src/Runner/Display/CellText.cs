using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace Etl.Runner.Display;

/// <summary>A value as text that is safe and clear in a table: nothing in it can move the cursor, and what cannot be seen is shown.</summary>
internal static class CellText
{
    /// <summary>How many terminal cells <paramref name="text"/> takes; Japanese letters take two.</summary>
    public static int Width(string text) => new Segment(text).CellCount();

    /// <summary>The value, with control characters made visible, cut to <paramref name="cells"/>. Text that would be mistaken is put in quotes: empty, with spaces round it, or the word NULL.</summary>
    public static string Of(string value, int cells)
    {
        var visible = Visible(value, cells);
        return value.Length == 0 || value == "NULL" || value[0] == ' ' || value[^1] == ' ' ? $"\"{Cut(visible, cells - 2)}\"" : Cut(visible, cells);
    }

    /// <summary>A message that may quote names from outside: lines stay lines, and nothing in it can move the cursor or change colours.</summary>
    public static string Message(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (var rune in message.EnumerateRunes())
            if (rune.Value == '\n') text.Append('\n');
            else Append(text, rune);
        return text.ToString();
    }

    /// <summary>As much of <paramref name="text"/> as fits, with <c>…</c> where something is missing; no letter is cut in two.</summary>
    public static string Cut(string text, int cells)
    {
        if (Width(text) <= cells) return text;
        var cut = new StringBuilder();
        var used = 0;
        var letters = StringInfo.GetTextElementEnumerator(text);
        while (letters.MoveNext())
        {
            var letter = letters.GetTextElement();
            used += Width(letter);
            if (used > cells - 1) break;
            cut.Append(letter);
        }

        return cut.Append('…').ToString();
    }

    private static string Visible(string value, int cells)
    {
        // What is cut off need not be looked at: a field may have megabytes.
        if (value.Length > cells * 8) value = value[..(cells * 8)];
        var text = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes()) Append(text, rune);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Rune rune)
    {
        switch (rune.Value)
        {
            case < 0x20: text.Append((char)(0x2400 + rune.Value)); break;
            case 0x7f: text.Append('␡'); break;
            default:
                if (IsUnseen(rune)) text.Append(CultureInfo.InvariantCulture, $"‹{rune.Value:X4}›");
                else text.Append(rune.ToString());
                break;
        }
    }

    // C1 controls, marks that turn the direction of writing, zero-width characters, line separators, odd spaces, halves of pairs.
    private static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        && rune.Value is not 0x200d || rune.Value == 0xa0;
}
