namespace Etl.Core.Contracts;

/// <summary>Parser options that say how large the splits of a large object are.</summary>
public interface ISplitting
{
    /// <summary>Bytes in a split; null for the usual size.</summary>
    ByteSize? SplitSize { get; }
}
