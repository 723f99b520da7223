using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Etl.Core.Contracts;

/// <summary>The columns that say where a row comes from, each by the name it is to have; null for those that are not wanted.</summary>
public sealed record MetadataOptions
{
    private const string NamePattern = "^[A-Za-z_][A-Za-z0-9_]{0,299}$";
    private const string NameError = "A column's name has letters, digits and underscores.";

    /// <summary>The run.</summary>
    [Description("The run's id. Usual name: _etl_run.")]
    [RegularExpression(NamePattern, ErrorMessage = NameError)]
    public string? RunId { get; init; }

    /// <summary>The object.</summary>
    [Description("The object's address. Usual name: _etl_object.")]
    [RegularExpression(NamePattern, ErrorMessage = NameError)]
    public string? Object { get; init; }

    /// <summary>The file inside an archive.</summary>
    [Description("The file inside an archive. Usual name: _etl_entry.")]
    [RegularExpression(NamePattern, ErrorMessage = NameError)]
    public string? Entry { get; init; }

    /// <summary>The line.</summary>
    [Description("The line the row starts on, as dead letters count it; large objects are then read in one piece. Usual name: _etl_line.")]
    [RegularExpression(NamePattern, ErrorMessage = NameError)]
    public string? Line { get; init; }

    /// <summary>The byte offset.</summary>
    [Description("The byte the row starts at, in the decompressed UTF-8 text. Usual name: _etl_offset.")]
    [RegularExpression(NamePattern, ErrorMessage = NameError)]
    public string? Offset { get; init; }

    /// <summary>When the run began.</summary>
    [Description("When the run began, the same in all its rows. Usual name: _etl_loaded_at.")]
    [RegularExpression(NamePattern, ErrorMessage = NameError)]
    public string? LoadedAt { get; init; }

    /// <summary>Each with its usual name.</summary>
    public static MetadataOptions Usual { get; } = new() { RunId = "_etl_run", Object = "_etl_object", Entry = "_etl_entry", Line = "_etl_line", Offset = "_etl_offset", LoadedAt = "_etl_loaded_at" };
}
