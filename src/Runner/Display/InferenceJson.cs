using System.Text.Json.Nodes;
using Etl.Core.Schemas;
using Etl.Runner.Commands;

namespace Etl.Runner.Display;

/// <summary>What inference found, for a program: one line. Names are snake_case and stay.</summary>
internal static class InferenceJson
{
    public static string Write(SampledFile file) => JsonLine.Of(new JsonObject
    {
        ["objects"] = new JsonArray([.. file.Proposal.Dialects.Select(d => new JsonObject
        {
            ["uri"] = d.Uri, ["entry"] = d.Entry, ["encoding"] = d.Encoding, ["delimiter"] = d.Delimiter, ["quote"] = d.Quote, ["rows_before_data"] = d.SkipRows,
        })]),
        ["columns"] = new JsonArray([.. file.Proposal.Schema.Columns.Select((c, i) => new JsonObject
        {
            ["name"] = c.Name,
            ["source_name"] = c.SourceName,
            ["type"] = c.Type.SqlName(),
            ["format"] = c.Format?.Pattern,
            ["values"] = file.Proposal.Findings.ElementAtOrDefault(i)?.Values,
            ["empty"] = file.Proposal.Findings.ElementAtOrDefault(i)?.Empty,
            ["why"] = file.Proposal.Findings.ElementAtOrDefault(i)?.Why,
            ["hint"] = file.Proposal.Findings.ElementAtOrDefault(i)?.Hint?.Keys,
            ["personal"] = file.Personal.FirstOrDefault(p => p.Column.Name == c.Name) is { } p ? new JsonObject { ["kind"] = p.Kind, ["why"] = p.Why } : null,
        })]),
        ["whole"] = file.Proposal.IsWhole,
        ["notes"] = new JsonArray([.. file.Proposal.Notes.Select(n => JsonValue.Create(n))]),
    });
}
