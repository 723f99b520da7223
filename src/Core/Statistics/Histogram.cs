namespace Etl.Core.Statistics;

/// <summary>How often values were in each of at most 64 ranges, all of the width 2^<paramref name="Exponent"/>, the first of which starts at <paramref name="First"/> times the width.</summary>
/// <param name="Exponent">The width's logarithm.</param>
/// <param name="First">The first range's number.</param>
/// <param name="Counts">How many values are in each, from the first range with a value to the last.</param>
public sealed record Histogram(int Exponent, long First, IReadOnlyList<long> Counts)
{
    /// <summary>Where the first range starts.</summary>
    public double Start => Math.ScaleB(First, Exponent);

    /// <summary>How wide each is.</summary>
    public double Width => Math.ScaleB(1, Exponent);
}

/// <summary>Counts exactly, in memory of a fixed size: when the values do not fit in 64 ranges, the ranges become twice as wide. Ranges start at multiples of their width, so that the order of values does not matter and histograms of parts merge into that of the whole.</summary>
/// <param name="exponent">The logarithm of the smallest width.</param>
internal sealed class HistogramBuilder(int exponent)
{
    private const int Ranges = 64;
    private long[] counts = new long[Ranges];
    private double scale = Math.ScaleB(1, -exponent);
    private long first = long.MaxValue, last = long.MinValue;

    /// <summary>Counts a value; one that is infinite or no number is left out.</summary>
    public void Add(double value)
    {
        var place = Math.Floor(value * scale);
        while (!(Math.Abs(place) < long.MaxValue / 4))
        {
            if (!double.IsFinite(value)) return;
            Widen();
            place = Math.Floor(value * scale);
        }

        Add((long)place, 1);
    }

    /// <summary>Counts what another histogram has.</summary>
    public void Merge(Histogram other)
    {
        while (exponent < other.Exponent) Widen();
        for (var i = 0; i < Math.Min(other.Counts.Count, Ranges); i++)
            if (other.Counts[i] > 0) Add(other.First + i, other.Counts[i], other.Exponent);
    }

    /// <summary>What was counted; null when nothing was.</summary>
    public Histogram? Build() => first > last ? null : new Histogram(exponent, first, [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => counts[Slot(first + i)])]);

    private void Add(long range, long count, int from)
    {
        while (true)
        {
            var place = range >> Math.Min(exponent - from, 63);
            if (Fits(place))
            {
                Add(place, count);
                return;
            }

            Widen();
        }
    }

    private void Add(long place, long count)
    {
        while (!Fits(place))
        {
            Widen();
            place >>= 1;
        }

        first = Math.Min(first, place);
        last = Math.Max(last, place);
        counts[Slot(place)] += count;
    }

    private bool Fits(long place) => first > last || Math.Max(last, place) - Math.Min(first, place) < Ranges;

    private void Widen()
    {
        exponent++;
        scale /= 2;
        if (first > last) return;
        var wider = new long[Ranges];
        for (var i = first; i <= last; i++) wider[Slot(i >> 1)] += counts[Slot(i)];
        (counts, first, last) = (wider, first >> 1, last >> 1);
    }

    // The ranges in use are neighbours, and never more than there are slots.
    private static int Slot(long range) => (int)(range & (Ranges - 1));
}
