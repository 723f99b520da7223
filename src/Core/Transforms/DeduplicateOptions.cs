using System.ComponentModel;

namespace Etl.Core.Transforms;

/// <summary>Options of the transform <c>deduplicate</c>.</summary>
public sealed record DeduplicateOptions
{
    /// <summary>The columns that make two rows the same; empty: all.</summary>
    [Description("The columns that make two rows the same; all columns of the data when left out")]
    public IReadOnlyList<string> By { get; init; } = [];
}
