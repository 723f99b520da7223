using System.Text;

namespace Etl.Csv.Columns;

/// <summary>The texts that mean that a value is missing.</summary>
internal sealed class NullTexts
{
    private readonly byte[][] texts;
    private readonly ulong lengths;

    public NullTexts(IEnumerable<string> texts)
    {
        this.texts = [.. texts.Select(Encoding.UTF8.GetBytes)];
        foreach (var text in this.texts)
            lengths |= 1UL << Math.Min(text.Length, 63);
    }

    /// <summary>Whether there are any.</summary>
    public bool Any => texts.Length > 0;

    /// <summary>Whether <paramref name="text"/> is one of them.</summary>
    public bool Contains(ReadOnlySpan<byte> text)
    {
        if ((lengths >> Math.Min(text.Length, 63) & 1) == 0)
            return false;
        foreach (var known in texts)
        {
            if (text.SequenceEqual(known))
                return true;
        }
        return false;
    }
}
