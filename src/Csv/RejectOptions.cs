using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Etl.Csv;

/// <summary>What to do about rows that do not fit.</summary>
public sealed record RejectOptions
{
    /// <summary>How many rows may be rejected before the run fails; none when it is not given.</summary>
    [Description("How many rows may be rejected before the run fails: a number such as 100, or a share such as 0.1%")]
    public RejectLimit? Max { get; init; }
}

/// <summary>A limit of rejected rows: a number of rows or a share of the rows read.</summary>
public readonly record struct RejectLimit : IParsable<RejectLimit>
{
    /// <summary>The number of rows, when the limit is one.</summary>
    public long? Rows { get; private init; }

    /// <summary>The share of the rows read, 0 to 1, when the limit is one.</summary>
    public decimal? Share { get; private init; }

    /// <summary>Whether <paramref name="rejected"/> of <paramref name="read"/> rows is more than the limit. A share is judged when all rows are read.</summary>
    public bool IsExceededBy(long rejected, long read) => Share is { } share ? rejected > share * read : rejected > (Rows ?? 0);

    /// <inheritdoc/>
    public static RejectLimit Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var limit) ? limit : throw new FormatException("A reject limit is a number of rows such as 100, or a share such as 0.1%.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RejectLimit result)
    {
        result = default;
        var text = s.AsSpan().Trim();
        if (text.EndsWith("%"))
        {
            if (!decimal.TryParse(text[..^1].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) || percent > 100)
                return false;
            result = new RejectLimit { Share = percent / 100 };
            return true;
        }
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows))
            return false;
        result = new RejectLimit { Rows = rows };
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Share is { } share ? string.Create(CultureInfo.InvariantCulture, $"{(share * 100).ToString("0.############", CultureInfo.InvariantCulture)}%") : (Rows ?? 0).ToString(CultureInfo.InvariantCulture);
}
