namespace Etl.Core.Runs;

/// <summary>A split that is being staged, as far as it is.</summary>
/// <param name="Split">The split.</param>
/// <param name="BytesRead">Stored bytes read of <see cref="Split.Bytes"/>; may pass it a little, because the last record may end after it.</param>
/// <param name="RowsRead">Rows read.</param>
public sealed record SplitProgress(Split Split, long BytesRead, long RowsRead);
