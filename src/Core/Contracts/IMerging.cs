using System.ComponentModel.DataAnnotations;

namespace Etl.Core.Contracts;

/// <summary>Options of a load sink that can merge.</summary>
public interface IMerging : IWriting
{
    /// <summary>The columns that tell one row from another.</summary>
    IReadOnlyList<string> Key { get; }

    /// <summary>The column by which the latest of several rows with one key is known; null when a key comes once.</summary>
    string? LatestBy { get; }

    /// <summary>Which rows remove the one with their key; null when none do.</summary>
    HardDeleteOptions? HardDelete { get; }

    /// <summary>What is wrong between the options, each with the option at fault.</summary>
    static IEnumerable<ValidationResult> Check(IMerging options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Write == WriteDisposition.Merge)
        {
            if (options.Key.Count == 0) yield return new ValidationResult("write: merge needs key, the columns that tell one row from another, such as key: [order_id]", [nameof(Write)]);
            if (options.Key.Distinct(StringComparer.OrdinalIgnoreCase).Count() < options.Key.Count) yield return new ValidationResult("key names a column twice", [nameof(Key)]);
            foreach (var (name, option) in new[] { (options.LatestBy, nameof(LatestBy)), (options.HardDelete?.Column, nameof(HardDelete)) })
                if (name is not null && options.Key.Contains(name, StringComparer.OrdinalIgnoreCase))
                    yield return new ValidationResult($"{name} is part of the key, so all rows of one key have the same", [option]);
            yield break;
        }

        if (options.Key.Count > 0) yield return new ValidationResult("key goes with write: merge", [nameof(Key)]);
        if (options.LatestBy is not null) yield return new ValidationResult("latest_by goes with write: merge", [nameof(LatestBy)]);
        if (options.HardDelete is not null) yield return new ValidationResult("hard_delete goes with write: merge", [nameof(HardDelete)]);
    }
}
