namespace Etl.Excel;

/// <summary>What a cell holds.</summary>
internal enum CellKind
{
    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A number of days that its format shows as a date or a time.</summary>
    Moment,

    /// <summary>An error such as <c>#N/A</c>.</summary>
    Error,
}

/// <summary>What a number format shows of a number of days.</summary>
internal enum ShownTime
{
    /// <summary>The number itself.</summary>
    None,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>Both.</summary>
    DateTime,

    /// <summary>Hours, minutes or seconds in all, which may be more than a day's.</summary>
    Elapsed,
}

/// <summary>A cell of the row that a sheet's reader is on.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Number">Its number, or its truth as 1 or 0.</param>
/// <param name="Shown">For a moment: what is shown of it.</param>
/// <param name="Start">Where its text starts.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="IsShared">Whether that is among the shared strings.</param>
internal readonly record struct Cell(CellKind Kind, double Number = 0, ShownTime Shown = ShownTime.None, int Start = 0, int Length = 0, bool IsShared = false);
