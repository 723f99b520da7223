using Etl.Core.Contracts;

namespace Etl.Core.Runs;

/// <summary>What planning a run found that its manifest does not say, kept for its report. It holds no value of the data.</summary>
/// <param name="Columns">Why the columns have their types, in the schema's order: the first thousand.</param>
/// <param name="Dialects">How the sampled objects are written.</param>
/// <param name="Notes">Findings and warnings, one sentence each.</param>
public sealed record PlanFindings(IReadOnlyList<ColumnFinding> Columns, IReadOnlyList<DialectFinding> Dialects, IReadOnlyList<string> Notes)
{
    private const int MostColumns = 1000;

    /// <summary>Those of a plan.</summary>
    internal static PlanFindings Of(RunPlan plan) => new(
        [.. plan.Findings.Take(MostColumns)],
        [.. plan.Dialects.Select(d => new DialectFinding(d.Entry is null ? d.Uri : $"{d.Uri}!{d.Entry}", d.Encoding, d.Delimiter, d.Quote, d.SkipRows))],
        plan.Notes);
}

/// <summary>How one object is written.</summary>
/// <param name="Object">Its address, with the file inside an archive after <c>!</c>.</param>
/// <param name="Encoding">The text encoding.</param>
/// <param name="Delimiter">What stands between fields.</param>
/// <param name="Quote">The quote character, or null for none.</param>
/// <param name="SkipRows">Lines before the first data row.</param>
public sealed record DialectFinding(string Object, string Encoding, string Delimiter, string? Quote, int SkipRows);
