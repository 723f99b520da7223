using System.ComponentModel;

namespace Etl.Core.Transforms;

/// <summary>Options of the transform <c>select</c>.</summary>
public sealed record SelectOptions
{
    /// <summary>The columns to keep; empty: all.</summary>
    [Description("The columns to keep, in the order they are in; all when left out")]
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>The columns to leave out.</summary>
    [Description("The columns to leave out")]
    public IReadOnlyList<string> Drop { get; init; } = [];

    /// <summary>New names by old ones.</summary>
    [Description("New names, by the names they replace")]
    public IReadOnlyDictionary<string, string> Rename { get; init; } = new Dictionary<string, string>();
}
