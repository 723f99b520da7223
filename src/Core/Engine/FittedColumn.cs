using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>A column of a run that is being made to fit.</summary>
internal sealed class FittedColumn
{
    private readonly Column? origin;
    private readonly ColumnType? proposed;
    private readonly bool isInferred;
    private readonly bool isEmpty;
    private readonly bool isWhole;

    public FittedColumn(Column column, SchemaProposal proposal, TableSchema source)
    {
        Column = column;
        Name = column.Name;
        if (column.Origin is not { } name) return;
        origin = source.Columns[source.IndexOf(name)];
        proposed = proposal.Schema.Columns[proposal.Schema.IndexOf(name)].Type;
        isInferred = proposal.Inferred.Contains(name);
        isEmpty = isInferred && proposal.Empty.Contains(name);
        isWhole = proposal.IsWhole;
        HasGaps = proposal.Gaps.Contains(name);
        Why = proposal.Findings.FirstOrDefault(f => f.Column == name) is { } finding ? finding.Why + (finding.Example is { } example ? $", {example.Position} of {example.Object}" : "") : null;
    }

    /// <summary>The column after the transforms.</summary>
    public Column Column { get; }

    /// <summary>Its name in the staged files and the tables; null when it is left out.</summary>
    public string? Name { get; set; }

    /// <summary>Whether some row is known to have no value in it.</summary>
    public bool HasGaps { get; }

    /// <summary>Why it has its type, without any value; null when that is not known.</summary>
    public string? Why { get; }

    /// <summary>Whether it is a column of the source, whose values can be read otherwise.</summary>
    public bool IsOfSource => origin is not null && origin.Type == Column.Type;

    /// <summary>The type that the data shows, when it is read as one that does not take all of it.</summary>
    public ColumnType? TypeOfData => IsOfSource && !isEmpty && origin is { IsRefused: false } && proposed is { } type && type != Column.Type && !Column.Type.IsWiderThan(type) ? type : null;

    /// <summary>Whether all of its values can be read as <paramref name="type"/>.</summary>
    public bool CanBeReadAs(ColumnType type) =>
        type == Column.Type || (IsOfSource && (isEmpty || (type.IsWiderThan(Column.Type) && (isInferred || type != ColumnType.String))));

    /// <summary>The source's column read as <paramref name="type"/>; null when it is already.</summary>
    public Column? ReadAs(ColumnType type, bool exactly = false) =>
        type == Column.Type ? null
        : exactly ? origin!.As(type) with { IsGuess = false }
        : isEmpty ? origin!.As(type) with { IsGuess = !isWhole }
        : origin!.As(type);

    /// <summary>Whether rows without a value can be told, and rejected, where they are parsed.</summary>
    public bool CanBeRequired => IsOfSource && origin!.Nullable;

    /// <summary>The source's column with a value in every row.</summary>
    public Column Required => origin! with { Nullable = false, IsGuess = isInferred && !isWhole };

    /// <summary>The source's column of which every value rejects its row; null when that is so already, or it is none of the source.</summary>
    public Column? Refused => origin is null or { IsRefused: true } ? null : origin with { Type = ColumnType.String, Format = null, IsGuess = false, IsRefused = true };
}
