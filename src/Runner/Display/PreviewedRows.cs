using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Runner.Display;

/// <summary>The first rows of an object as they would be loaded, and those that would not.</summary>
/// <param name="Object">The object.</param>
/// <param name="Entry">The file inside an archive, or null.</param>
/// <param name="Schema">The columns.</param>
/// <param name="Rows">Rows that fit, each value as text or null.</param>
/// <param name="Rejects">The first rows that do not fit.</param>
/// <param name="RejectedRows">How many do not fit, of what was looked at.</param>
/// <param name="All">Whether the object has no other rows.</param>
internal sealed record PreviewedRows(SourceObject Object, string? Entry, TableSchema Schema, IReadOnlyList<string?[]> Rows, IReadOnlyList<Reject> Rejects, int RejectedRows, bool All);
