using System.Globalization;
using System.Text;

namespace Etl.Core.Schemas;

/// <summary>Column names that BigQuery takes: letters of any script, marks, digits and underscores, 300 characters (https://cloud.google.com/bigquery/docs/schemas#column_names).</summary>
public static class ColumnNames
{
    private const int MaxLength = 300;
    private static readonly string[] Reserved = ["_TABLE_", "_FILE_", "_PARTITION", "_ROW_TIMESTAMP", "__ROOT__", "_COLIDENTIFIER", "_CHANGE_"];

    /// <summary>A legal name for each of <paramref name="names"/>, no two the same but for case.</summary>
    public static string[] Legal(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var suffixes = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var legal = new string[names.Count];
        for (var i = 0; i < legal.Length; i++)
        {
            var name = Legal(names[i], i);
            legal[i] = name;
            for (var n = suffixes.GetValueOrDefault(name, 1); !used.Add(legal[i]);)
            {
                legal[i] = Suffixed(name, ++n);
                suffixes[name] = n;
            }
        }
        return legal;
    }

    private static string Suffixed(string name, int n)
    {
        var suffix = "_" + n.ToString(CultureInfo.InvariantCulture);
        return name.Length + suffix.Length <= MaxLength ? name + suffix : name[..(MaxLength - suffix.Length)] + suffix;
    }

    private static string Legal(string name, int index)
    {
        var text = new StringBuilder();
        var replaced = false;
        foreach (var rune in name.Normalize(NormalizationForm.FormC).Trim().EnumerateRunes())
        {
            if (rune.Value == '_' || Rune.IsLetter(rune) || Rune.IsDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                if (text.Length + rune.Utf16SequenceLength > MaxLength)
                    break;
                text.Append(rune);
                replaced = false;
            }
            else if (!replaced && text.Length < MaxLength)
            {
                text.Append('_');
                replaced = true;
            }
        }
        if (replaced)
            text.Length--;
        if (text.Length == 0)
            return "column_" + (index + 1).ToString(CultureInfo.InvariantCulture);
        if (char.IsDigit(text[0]))
            text.Insert(0, '_');
        var legal = text.ToString();
        if (Array.Exists(Reserved, r => legal.StartsWith(r, StringComparison.OrdinalIgnoreCase)))
            legal = "column" + legal;
        return legal.Length > MaxLength ? legal[..MaxLength] : legal;
    }
}
