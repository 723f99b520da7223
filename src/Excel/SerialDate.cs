namespace Etl.Excel;

/// <summary>Dates as Excel counts them: days since the end of 1899, of which one never was, or since the start of 1904 (ECMA-376 part 1, 18.17.4.1).</summary>
internal static class SerialDate
{
    private const double Days1904 = 1462;
    private const double NoSuchDay = 60;
    private const double AfterLast = 2_958_466;

    /// <summary>The moment that a number stands for; false for none, such as 29 February 1900.</summary>
    public static bool TryRead(double serial, bool is1904, out DateTime moment)
    {
        moment = default;
        var days = is1904 ? serial + Days1904 : serial < NoSuchDay ? serial + 1 : serial;
        if (!(serial >= 0) || days >= AfterLast || (!is1904 && serial >= NoSuchDay && serial < NoSuchDay + 1)) return false;
        moment = DateTime.FromOADate(days);
        return true;
    }

    /// <summary>The number that stands for a moment.</summary>
    public static double Of(DateTime moment, bool is1904) =>
        moment.ToOADate() is var days && is1904 ? days - Days1904 : days <= NoSuchDay ? days - 1 : days;
}
