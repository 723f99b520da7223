using System.Text.Json.Serialization;
using Etl.Core.Schemas;

namespace Etl.Core.Statistics;

/// <summary>What one column of a split's staged rows holds, in about a kilobyte.</summary>
public sealed record ColumnStatistics
{
    /// <summary>The column.</summary>
    public required string Column { get; init; }

    /// <summary>Its type.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>Rows looked at.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows without a value.</summary>
    public required long Nulls { get; init; }

    /// <summary>Which values there are, in a form that only tells about how many: a packed <see cref="DistinctSketch"/>.</summary>
    public required byte[] Distinct { get; init; }

    /// <summary>Whether it is masked, or made of rows with masked columns: then nothing but counts stands here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Masked { get; init; }

    /// <summary>The smallest value, as text; null where values are not kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Min { get; init; }

    /// <summary>The largest value, as text; null where values are not kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Max { get; init; }

    /// <summary>The distribution of the values (days and seconds since 1970 for dates and times), of texts' lengths in bytes; null where values are not kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Histogram? Histogram { get; init; }

    /// <summary>About how many different values there are.</summary>
    [JsonIgnore]
    public long DistinctEstimate
    {
        get
        {
            var sketch = new DistinctSketch();
            sketch.Merge(Distinct);
            return Math.Min(sketch.Estimate(), Rows - Nulls);
        }
    }

    /// <summary>The same without values.</summary>
    public ColumnStatistics WithoutValues() => this with { Min = null, Max = null, Histogram = null };

    /// <summary>Those of the splits of a run as one, in the first split's order of columns.</summary>
    public static IReadOnlyList<ColumnStatistics> Merge(IEnumerable<IReadOnlyList<ColumnStatistics>> splits) =>
        [.. splits.SelectMany(s => s).GroupBy(c => c.Column, StringComparer.OrdinalIgnoreCase).Select(parts => Merge([.. parts]))];

    private static ColumnStatistics Merge(IReadOnlyList<ColumnStatistics> parts)
    {
        if (parts.Count == 1) return parts[0];
        var sketch = new DistinctSketch();
        foreach (var part in parts) sketch.Merge(part.Distinct);
        var histograms = parts.Select(p => p.Histogram).OfType<Histogram>().ToList();
        HistogramBuilder? histogram = histograms.Count == 0 ? null : new(histograms.Min(h => h.Exponent));
        foreach (var part in histograms) histogram!.Merge(part);
        var order = ValueOrder.Of(parts[0].Type);
        return parts[0] with
        {
            Rows = parts.Sum(p => p.Rows),
            Nulls = parts.Sum(p => p.Nulls),
            Distinct = sketch.Pack(),
            Masked = parts.Any(p => p.Masked),
            Min = parts.Select(p => p.Min).OfType<string>().Min(order),
            Max = parts.Select(p => p.Max).OfType<string>().Max(order),
            Histogram = histogram?.Build(),
        };
    }
}
