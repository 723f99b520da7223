using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Etl.Core.Contracts;

/// <summary>The settings <c>report</c>: the HTML report that a run leaves beside its records.</summary>
public sealed record ReportOptions
{
    /// <summary>Whether runs leave a report.</summary>
    [Description("Whether a run leaves an HTML report beside its records, and counts for it what the columns hold (default true)")]
    public bool Enabled { get; init; } = true;

    /// <summary>Whether values of the data may stand in it.</summary>
    [Description("Whether the smallest and largest values and the distribution of columns, which are data, may stand in the report and the receipts; those of masked columns never do (default true)")]
    public bool Values { get; init; } = true;

    /// <summary>What a gigabyte out of the source's cloud costs.</summary>
    [Description("What sending a gigabyte out of the source's cloud costs, in dollars, for the report's estimate (default 0.09)")]
    [Range(0, 1000)]
    public double EgressPrice { get; init; } = 0.09;
}
