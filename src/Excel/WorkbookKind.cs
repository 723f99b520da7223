using System.Buffers.Binary;
using System.IO.Compression;
using Etl.Core.Errors;

namespace Etl.Excel;

/// <summary>Tells workbooks from other files by their bytes, and says what else a file is.</summary>
public static class WorkbookKind
{
    private static ReadOnlySpan<byte> CompoundFile => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    private static ReadOnlySpan<byte> Zip => [(byte)'P', (byte)'K', 3, 4];

    /// <summary>Whether a file is a workbook of Excel, of a version that can be read or not.</summary>
    /// <param name="content">The file, which seeks; it is read from where it stands.</param>
    /// <param name="cancel">Stops.</param>
    public static async ValueTask<bool> IsWorkbookAsync(Stream content, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(content);
        var head = new byte[8];
        var start = content.Position;
        await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        if (head.AsSpan().StartsWith(CompoundFile)) return true;
        if (!head.AsSpan().StartsWith(Zip)) return false;
        content.Position = start;
        try
        {
            var archive = await ZipArchive.CreateAsync(content, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancel).ConfigureAwait(false);
            await using var _ = archive.ConfigureAwait(false);
            return archive.Entries.Any(e => e.FullName is "xl/workbook.xml" or "xl/workbook.bin");
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Makes sure that a file can be a workbook that is read here.</summary>
    /// <exception cref="DataException">It is another kind of file.</exception>
    internal static void Check(Stream content, string name)
    {
        var head = Head(content);
        if (head.StartsWith(CompoundFile)) throw OfCompoundFile(content, name);
        if (head.StartsWith(Zip)) CheckParts(content, name);
        else throw new DataException(head.Length == 0
            ? $"{name} is empty, and a workbook is not. Upload it again and run again."
            : $"{name} is no workbook: {(head.IndexOf((byte)0) < 0 ? "it seems to be text. Read CSV with the parser csv, whatever the file is called" : "its first bytes are not those of one")}. Or save it as .xlsx and upload it again.");
    }

    private static void CheckParts(Stream content, string name)
    {
        using var archive = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
        var parts = archive.Entries.Select(e => e.FullName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        content.Position = 0;
        if (parts.Contains("xl/workbook.bin")) throw new DataException($"{name} is a binary workbook (.xlsb), which is not read. Save it as .xlsx and upload it again.");
        if (parts.Contains("mimetype") && parts.Contains("content.xml")) throw new DataException($"{name} is an OpenDocument file (.ods), which is not read. Save it as .xlsx and upload it again.");
        if (!parts.Contains("[Content_Types].xml")) throw new DataException($"{name} is a zip archive and no workbook. Unpack workbooks before they are uploaded; archives of other files are read by the parsers csv and ndjson.");
    }

    // A workbook of Excel 97 to 2003, or one that is encrypted (MS-OFFCRYPTO): the directory's names tell (MS-CFB 2.6).
    private static DataException OfCompoundFile(Stream content, string name)
    {
        Span<byte> header = stackalloc byte[512];
        content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        var shift = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]);
        var directory = new byte[8 << 10];
        if (shift is 9 or 12)
        {
            content.Position = Math.Min(content.Length, (BinaryPrimitives.ReadUInt32LittleEndian(header[48..]) + 1L) << shift);
            content.ReadAtLeast(directory, directory.Length, throwOnEndOfStream: false);
        }

        content.Position = 0;
        var names = System.Text.Encoding.Unicode.GetString(directory);
        return new DataException(names.Contains("EncryptedPackage", StringComparison.Ordinal)
            ? $"{name} is protected by a password, and there is none to read it with. Save it without one and upload it again."
            : $"{name} is {(names.Contains("Workbook", StringComparison.Ordinal) || names.Contains("Book", StringComparison.Ordinal) ? "a workbook of Excel 97 to 2003 (.xls)" : "an Office file of an older kind, or encrypted")}, which is not read. Save it as .xlsx and upload it again.");
    }

    private static ReadOnlySpan<byte> Head(Stream content)
    {
        var head = new byte[512];
        var start = content.Position;
        var count = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        content.Position = start;
        return head.AsSpan(0, count);
    }
}
