using System.ComponentModel;

namespace Etl.Core.Contracts;

/// <summary>What a load does with the rows that are in the table already.</summary>
public enum WriteDisposition
{
    /// <summary>Keeps them. Objects loaded before are not read again.</summary>
    [Description("add the rows of objects that were not loaded before")]
    Append,

    /// <summary>Replaces them, atomically, by the rows of all objects.</summary>
    [Description("replace the table's rows, atomically")]
    Replace,

    /// <summary>Keeps one row a key: an incoming row takes the place of the one with its key, or is added.</summary>
    [Description("update the rows whose key comes again, add the others")]
    Merge,

    /// <summary>Replaces, atomically, the partitions that the incoming rows are of; the others stay.</summary>
    [Description("replace the partitions that the incoming rows are of, atomically")]
    ReplacePartitions,
}

/// <summary>Options of a load sink that say what happens to the rows that are there.</summary>
public interface IWriting
{
    /// <summary>What happens to them.</summary>
    WriteDisposition Write { get; }
}
