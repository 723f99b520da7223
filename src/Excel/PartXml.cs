using System.Xml;

namespace Etl.Excel;

/// <summary>Opens the large parts of a workbook, which are read a row or a text at a time.</summary>
internal static class PartXml
{
    /// <summary>A reader that fetches nothing from elsewhere and takes no DTD.</summary>
    public static XmlReader Create(Stream part) => XmlReader.Create(
        new BufferedStream(part, 64 << 10),
        new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, CloseInput = true });
}
