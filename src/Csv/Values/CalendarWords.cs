using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Etl.Csv.Values;

/// <summary>Dates and times of fixed form: all digits of one in a vector where the machine has what joins them, else eight characters at a time.</summary>
internal static class CalendarWords
{
    /// <summary><c>yyyy-MM-dd</c>, in days since 1970-01-01; 16 bytes are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadDate(ref readonly byte text, out int days)
    {
        if (!Sse41.IsSupported)
            return TryReadDateWords(in text, out days);
        var date = Vector128.LoadUnsafe(in text) - Vector128.Create((byte)'0');
        days = 0;
        if (!IsDate(date))
            return false;
        var pairs = Pairs(Date(date));
        var months = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(1200, 12, 1, 0, 0, 0, 0, 0)).AsUInt64()[0];
        return (months >> 32) - 1 <= 11 && CalendarText.TryCountDays((int)months + (int)(months >> 32), pairs[3], out days);
    }

    /// <summary><c>yyyy-MM-ddTHH:mm:ss</c>, or a space for the <c>T</c>, in microseconds since 1970-01-01T00:00:00; 24 bytes are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadDateTime(ref readonly byte text, out long micros)
    {
        if (!Sse41.IsSupported)
            return TryReadDateTimeWords(in text, out micros);
        var date = Vector128.LoadUnsafe(in text) - Vector128.Create((byte)'0');
        // -MM-ddTHH:mm:ss and what follows.
        var time = Vector128.LoadUnsafe(in text, 4) - Vector128.Create((byte)'0');
        micros = 0;
        if (!IsDate(date) || !IsSeparated(in text)
            || !Vector128.LessThanOrEqualAll(time ^ Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0A, 0, 0, 0x0A, 0, 0, 0), Vector128.Create(255, 255, 255, 255, 255, 255, 255, 9, 9, 0, 9, 9, 0, 9, 9, 255)))
            return false;
        var pairs = Pairs(Date(date) | Vector128.ShuffleNative(time, Vector128.Create(255, 255, 255, 255, 255, 255, 255, 255, 7, 8, 10, 11, 13, 14, 255, 255)));
        // Years twice, month, day, hour, minute, second.
        if (!Vector128.LessThanOrEqualAll((pairs - Vector128.Create(0, 0, 1, 1, 0, 0, 0, 0)).AsUInt16(), Vector128.Create((ushort)99, 99, 11, 30, 23, 59, 59, 0)))
            return false;
        var sums = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(1200, 12, 1, 0, 3600, 60, 1, 0));
        var both = Ssse3.HorizontalAdd(sums, sums).AsUInt64()[0];
        if (!CalendarText.TryCountDays((int)both, pairs[3], out var days))
            return false;
        micros = (days * 86_400L + (uint)(both >> 32)) * CalendarText.Second;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDate(Vector128<byte> date) =>
        Vector128.LessThanOrEqualAll(date ^ Vector128.Create(0, 0, 0, 0, 0xFD, 0, 0, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0), Vector128.Create(9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 255, 255, 255, 255, 255, 255));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Date(Vector128<byte> date) => Vector128.ShuffleNative(date, Vector128.Create(0, 1, 2, 3, 5, 6, 8, 9, 255, 255, 255, 255, 255, 255, 255, 255));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Pairs(Vector128<byte> digits) => Ssse3.MultiplyAddAdjacent(digits, Vector128.Create((short)0x010A).AsSByte());

    private static bool IsSeparated(ref readonly byte text) => Unsafe.Add(ref Unsafe.AsRef(in text), 10) is (byte)'T' or (byte)' ' or (byte)'t';

    private static bool TryReadDateWords(ref readonly byte text, out int days)
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

    private static bool TryReadDateTimeWords(ref readonly byte text, out long micros)
    {
        // HH:mm:ss as HH0mm0ss: a colon and a zero differ by 0x0A.
        var word = Unsafe.ReadUnaligned<ulong>(in Unsafe.Add(ref Unsafe.AsRef(in text), 11)) ^ 0x00000A00000A0000;
        var number = (uint)DigitWords.ToNumber(word);
        var (hour, minute, second) = (number / 1_000_000, number / 1000 % 1000, number % 1000);
        micros = 0;
        if (!IsSeparated(in text) || (word & 0x0000FF0000FF0000) != 0x0000300000300000
            || !DigitWords.AreDigits(word) || hour > 23 || minute > 59 || second > 59 || !TryReadDateWords(in text, out var days))
            return false;
        micros = ((long)days * 86_400 + hour * 3600 + minute * 60 + second) * CalendarText.Second;
        return true;
    }
}
