using System.Security.Cryptography;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Memory;

namespace Etl.Core.Transforms;

/// <summary>Masks the texts of a column. Safe from any thread.</summary>
internal sealed class TextMask(MaskOptions options)
{
    private const int HashDigits = 2 * SHA256.HashSizeInBytes;
    private readonly byte[]? key = options.Salt is null ? null : Encoding.UTF8.GetBytes(options.Salt);

    /// <summary>The column with each text masked.</summary>
    public StringArray Apply(StringArray plain)
    {
        var length = plain.Length;
        using var offsets = new BatchBuffer<int>(length + 1);
        using var valid = new BatchBuffer<byte>((length + 7) / 8);
        using var text = new BatchBuffer<byte>(options.With == MaskMethod.Sha256 ? (length - plain.NullCount) * HashDigits : plain.ValueOffsets[length] - plain.ValueOffsets[0]);
        valid.Span.Clear();
        offsets.Span[0] = 0;
        var used = 0;
        for (var row = 0; row < length; row++)
        {
            if (plain.IsValid(row))
            {
                used += Write(plain.GetBytes(row), text.Span[used..]);
                valid.Span[row / 8] |= (byte)(1 << (row % 8));
            }
            offsets.Span[row + 1] = used;
        }
        text.Grow(used);
        return new StringArray(new ArrayData(StringType.Default, length, plain.NullCount, 0, [valid.Build(), offsets.Build(), text.Build()]));
    }

    private int Write(ReadOnlySpan<byte> plain, Span<byte> into)
    {
        if (options.With == MaskMethod.Truncate)
        {
            var kept = FirstCharacters(plain, options.Keep!.Value);
            kept.CopyTo(into);
            return kept.Length;
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (key is null)
            SHA256.HashData(plain, hash);
        else
            HMACSHA256.HashData(key, plain, hash);
        Convert.TryToHexStringLower(hash, into, out var written);
        return written;
    }

    private static ReadOnlySpan<byte> FirstCharacters(ReadOnlySpan<byte> text, int count)
    {
        var end = 0;
        for (; count > 0 && end < text.Length; count--)
        {
            Rune.DecodeFromUtf8(text[end..], out _, out var bytes);
            end += bytes;
        }
        return text[..end];
    }
}
