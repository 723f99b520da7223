using System.Buffers.Binary;

namespace Etl.Connectors.Postgres;

/// <summary>Bytes of PostgreSQL's binary COPY (https://www.postgresql.org/docs/current/sql-copy.html, Binary Format), on their way to the server.</summary>
internal sealed class CopyBuffer
{
    /// <summary>The bytes after which it is time to send them.</summary>
    public const int Enough = 128 << 10;

    private static readonly byte[] Signature = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
    private byte[] bytes = new byte[Enough * 2];

    /// <summary>A buffer that starts with the format's header.</summary>
    public CopyBuffer()
    {
        Signature.CopyTo(bytes, 0);
        Length = Signature.Length;
    }

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>Takes them.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var taken = bytes.AsMemory(0, Length);
        Length = 0;
        return taken;
    }

    public void Null() => BinaryPrimitives.WriteInt32BigEndian(Room(4), -1);

    public void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Room(2), value);

    public void Value(bool value)
    {
        var room = Sized(1);
        room[0] = value ? (byte)1 : (byte)0;
    }

    public void Value(int value) => BinaryPrimitives.WriteInt32BigEndian(Sized(4), value);

    public void Value(long value) => BinaryPrimitives.WriteInt64BigEndian(Sized(8), value);

    public void Value(double value) => BinaryPrimitives.WriteDoubleBigEndian(Sized(8), value);

    public void Value(ReadOnlySpan<byte> value) => value.CopyTo(Sized(value.Length));

    /// <summary>A decimal: digits to the base of 10,000, the weight of the first, the sign, and how many decimal digits are after the point (numeric_send in the server's source).</summary>
    /// <param name="text">The decimal as plain text, such as <c>-12.5</c>.</param>
    public void Decimal(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == '-';
        if (negative) text = text[1..];
        var point = text.IndexOf((byte)'.');
        var whole = (point < 0 ? text : text[..point]).TrimStart((byte)'0');
        var fraction = point < 0 ? [] : text[(point + 1)..];
        var (before, after) = ((whole.Length + 3) / 4, (fraction.Length + 3) / 4);
        Span<short> digits = stackalloc short[before + after];
        for (var i = 0; i < whole.Length; i++)
        {
            ref var digit = ref digits[before - 1 - ((whole.Length - 1 - i) / 4)];
            digit = (short)((digit * 10) + whole[i] - '0');
        }

        for (var i = 0; i < after * 4; i++)
        {
            ref var digit = ref digits[before + (i / 4)];
            digit = (short)((digit * 10) + (i < fraction.Length ? fraction[i] - '0' : 0));
        }

        var room = Sized(8 + (digits.Length * 2));
        BinaryPrimitives.WriteInt16BigEndian(room, (short)digits.Length);
        BinaryPrimitives.WriteInt16BigEndian(room[2..], (short)(before - 1));
        BinaryPrimitives.WriteInt16BigEndian(room[4..], negative ? (short)0x4000 : (short)0);
        BinaryPrimitives.WriteInt16BigEndian(room[6..], (short)fraction.Length);
        for (var i = 0; i < digits.Length; i++) BinaryPrimitives.WriteInt16BigEndian(room[(8 + (i * 2))..], digits[i]);
    }

    private Span<byte> Sized(int size)
    {
        BinaryPrimitives.WriteInt32BigEndian(Room(4), size);
        return Room(size);
    }

    private Span<byte> Room(int size)
    {
        if (bytes.Length - Length < size) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + size));
        Length += size;
        return bytes.AsSpan(Length - size, size);
    }
}
