using System.ComponentModel;

namespace Etl.Core.Contracts;

/// <summary>What to do when the data and the columns that are there (of the table, of the declaration, of the samples) are not alike.</summary>
public enum SchemaContract
{
    /// <summary>The columns follow the data: new ones are added, types get wider.</summary>
    [Description("the columns follow the data: new ones are added, types get wider")]
    Evolve,

    /// <summary>The columns stay as they are; a column that is not among them is left out.</summary>
    [Description("the columns stay as they are; a column that is not among them is left out")]
    DiscardColumn,

    /// <summary>The columns stay as they are; a row with a value that they have no place for is rejected.</summary>
    [Description("the columns stay as they are; a row with a value that they have no place for is rejected")]
    DiscardRow,

    /// <summary>A difference fails the run.</summary>
    [Description("a difference fails the run before anything is loaded")]
    Freeze,
}
