using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Etl.Core.Contracts;

/// <summary>How many rows may be rejected before a run fails: a count, or a share of the rows read.</summary>
[Description("a count such as 100, or a share of the rows such as 0.1%")]
public sealed record RejectLimit : IParsable<RejectLimit>
{
    /// <summary>Not one.</summary>
    public static RejectLimit None { get; } = new() { Rows = 0 };

    /// <summary>The most rows, or null when a share is meant.</summary>
    public long? Rows { get; private init; }

    /// <summary>The largest share, 0 to 1, or null when a count is meant.</summary>
    public decimal? Share { get; private init; }

    /// <summary>Whether <paramref name="rejected"/> of <paramref name="read"/> rows are within the limit.</summary>
    public bool Allows(long rejected, long read) => rejected <= (Rows ?? (long)(Share!.Value * read));

    /// <inheritdoc/>
    public static RejectLimit Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var limit) ? limit : throw new FormatException("Expected a count such as 100, or a share such as 0.1%.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out RejectLimit result)
    {
        result = null;
        s = s?.Trim();
        if (string.IsNullOrEmpty(s)) return false;
        if (s.EndsWith('%'))
        {
            if (decimal.TryParse(s[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100)
                result = new RejectLimit { Share = percent / 100 };
        }
        else if (long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var rows))
        {
            result = new RejectLimit { Rows = rows };
        }

        return result is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Rows is { } rows
        ? rows.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Share * 100:0.######}%");
}
