using System.Xml;
using Etl.Core.Errors;

namespace Etl.Excel;

/// <summary>The texts that cells refer to by number (ECMA-376 part 1, 18.4), in UTF-8. They are all in memory: a sheet refers to any of them at any row.</summary>
internal sealed class SharedStrings
{
    /// <summary>The most bytes of text.</summary>
    public const int MostBytes = 256 << 20;

    private readonly List<int> ends = [];
    private byte[] text = [];
    private int length;

    /// <summary>Reads them; none without a part.</summary>
    /// <exception cref="DataException">There are too many for memory.</exception>
    public static SharedStrings Read(Stream? part, string name, CancellationToken cancel)
    {
        var strings = new SharedStrings();
        if (part is null) return strings;
        using var xml = PartXml.Create(part);
        var item = new XmlText();
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "si") continue;
            cancel.ThrowIfCancellationRequested();
            item.Clear();
            item.AddItem(xml);
            strings.Add(item.ToUtf8(), name);
        }

        return strings;
    }

    /// <summary>All texts, one after the other.</summary>
    public byte[] Text => text;

    /// <summary>Where a text stands.</summary>
    /// <exception cref="DataException">There is none of this number.</exception>
    public (int Start, int Length) this[int index] => index >= 0 && index < ends.Count
        ? (index == 0 ? 0 : ends[index - 1], ends[index] - (index == 0 ? 0 : ends[index - 1]))
        : throw new InvalidDataException($"A cell refers to shared string {index}, of {ends.Count}.");

    private void Add(ReadOnlySpan<byte> item, string name)
    {
        if (length + (long)item.Length > MostBytes)
            throw new DataException($"{name} has more than {MostBytes >> 20} MiB of text in its cells, which is kept in memory. Split the workbook, or save the sheet as CSV.");
        if (length + item.Length > text.Length) Array.Resize(ref text, Math.Max(1024, (int)Math.Min(MostBytes, (length + (long)item.Length) * 2)));
        item.CopyTo(text.AsSpan(length));
        length += item.Length;
        ends.Add(length);
    }
}
