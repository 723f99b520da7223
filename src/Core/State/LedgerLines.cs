using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using ZstdSharp;

namespace Etl.Core.State;

/// <summary>Writes one document of the ledger: Zstandard over a JSON array a line, <c>["uri","version",milliseconds]</c>, so that <c>zstd -dc</c> shows it to a person.</summary>
internal sealed class LedgerWriter : IDisposable
{
    private const int Level = 3;
    private readonly MemoryStream stored = new();
    private readonly CompressionStream packed;
    private readonly ArrayBufferWriter<byte> text = new();
    private readonly Utf8JsonWriter json;

    public LedgerWriter()
    {
        packed = new CompressionStream(stored, Level, leaveOpen: true);
        json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public int Objects { get; private set; }

    public void Add(LedgerEntry entry)
    {
        text.ResetWrittenCount();
        json.Reset();
        json.WriteStartArray();
        json.WriteStringValue(entry.Uri);
        json.WriteStringValue(entry.Version);
        if (entry.Modified is { } modified) json.WriteNumberValue(modified.ToUnixTimeMilliseconds());
        json.WriteEndArray();
        json.Flush();
        Add(text.WrittenSpan);
    }

    /// <summary>A line of another document, as it is.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        packed.Write(line);
        packed.Write("\n"u8);
        Objects++;
    }

    public ReadOnlyMemory<byte> Complete()
    {
        packed.Dispose();
        return stored.GetBuffer().AsMemory(0, (int)stored.Length);
    }

    public void Dispose()
    {
        json.Dispose();
        packed.Dispose();
        stored.Dispose();
    }
}

/// <summary>Reads one document of the ledger, line by line, without a string an entry.</summary>
internal static class LedgerReader
{
    /// <summary>Called with each entry: its line, address and version as UTF-8 (no version: to be loaded again), and time in milliseconds.</summary>
    public delegate void Visit(ReadOnlySpan<byte> line, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> version, long? modified);

    public static void Read(ReadOnlyMemory<byte> content, Visit visit)
    {
        using var lines = new DecompressionStream(new MemoryStream(MemoryMarshal.TryGetArray(content, out var array) ? array.Array! : content.ToArray(), array.Offset, content.Length, writable: false));
        var buffer = new byte[64 << 10];
        byte[] uri = [], version = [];
        for (int filled = 0, read; (read = lines.Read(buffer, filled, buffer.Length - filled)) > 0;)
        {
            filled += read;
            var rest = buffer.AsSpan(0, filled);
            for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
                ReadLine(rest[..end], ref uri, ref version, visit);
            rest.CopyTo(buffer);
            filled = rest.Length;
            if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        }
    }

    private static void ReadLine(ReadOnlySpan<byte> line, ref byte[] uri, ref byte[] version, Visit visit)
    {
        if (uri.Length < line.Length) (uri, version) = (new byte[line.Length * 2], new byte[line.Length * 2]);
        var json = new Utf8JsonReader(line);
        json.Read();
        json.Read();
        var uriLength = json.CopyString(uri);
        json.Read();
        var versionLength = json.TokenType == JsonTokenType.Null ? 0 : json.CopyString(version);
        json.Read();
        visit(line, uri.AsSpan(0, uriLength), version.AsSpan(0, versionLength), json.TokenType == JsonTokenType.Number ? json.GetInt64() : null);
    }
}
