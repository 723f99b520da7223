using System.Runtime.CompilerServices;

namespace Etl.Csv.Values;

/// <summary>Dates and times of fixed form, eight characters at a time: their separators turned into zeros, the rest must be digits.</summary>
internal static class CalendarWords
{
    /// <summary><c>yyyy-MM-dd</c>, in days since 1970-01-01; 16 bytes are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadDate(ref readonly byte text, out int days)
    {
        // yyyy-MM- as yyyy0MM0: a dash and a zero differ by 0x1D.
        var word = Unsafe.ReadUnaligned<ulong>(in text) ^ 0x1D00001D00000000;
        var tens = (uint)(Unsafe.Add(ref Unsafe.AsRef(in text), 8) - '0');
        var ones = (uint)(Unsafe.Add(ref Unsafe.AsRef(in text), 9) - '0');
        var number = (uint)DigitWords.ToNumber(word);
        days = 0;
        return (word & 0xFF0000FF00000000) == 0x3000003000000000 && DigitWords.AreDigits(word) && tens <= 9 && ones <= 9
            && CalendarText.TryCountDays((int)(number / 10_000), (int)(number % 10_000 / 10), (int)(tens * 10 + ones), out days);
    }

    /// <summary><c>yyyy-MM-ddTHH:mm:ss</c>, or a space for the <c>T</c>, in microseconds since 1970-01-01T00:00:00; 24 bytes are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadDateTime(ref readonly byte text, out long micros)
    {
        // HH:mm:ss as HH0mm0ss: a colon and a zero differ by 0x0A.
        var word = Unsafe.ReadUnaligned<ulong>(in Unsafe.Add(ref Unsafe.AsRef(in text), 11)) ^ 0x00000A00000A0000;
        var number = (uint)DigitWords.ToNumber(word);
        var (hour, minute, second) = (number / 1_000_000, number / 1000 % 1000, number % 1000);
        micros = 0;
        if (Unsafe.Add(ref Unsafe.AsRef(in text), 10) is not ((byte)'T' or (byte)' ' or (byte)'t') || (word & 0x0000FF0000FF0000) != 0x0000300000300000
            || !DigitWords.AreDigits(word) || hour > 23 || minute > 59 || second > 59 || !TryReadDate(in text, out var days))
            return false;
        micros = ((long)days * 86_400 + hour * 3600 + minute * 60 + second) * CalendarText.Second;
        return true;
    }
}
