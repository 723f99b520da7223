using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Formats.Parquet;
using Etl.Formats.Text;

namespace Etl.Formats;

/// <summary>The encoder for what a staging sink's options ask for.</summary>
public static class EncoderFactory
{
    /// <summary>The encoder of <paramref name="encoding"/>; with <see cref="StagingCompression.Auto"/>, zstd for Parquet and gzip for text.</summary>
    /// <exception cref="ArgumentException">Passthrough stages the source's own bytes, so there is nothing to encode.</exception>
    /// <exception cref="DataException">No such file exists: the compression is not one of the format's.</exception>
    /// <param name="encoding">The format and the compression.</param>
    /// <param name="anyBatch">Whether each file must hold every batch; where not, an encoder may start another file for a batch that would make all of it larger.</param>
    public static IEncoder Create(StagingEncoding encoding, bool anyBatch = false)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        var compression = Resolve(encoding);
        return encoding.Format switch
        {
            StagingFormat.Parquet => new ParquetEncoder(compression, anyBatch: anyBatch),
            StagingFormat.Csv => new CsvEncoder(compression == StagingCompression.Gzip),
            StagingFormat.Ndjson => new NdjsonEncoder(compression == StagingCompression.Gzip),
            StagingFormat.Passthrough => throw new ArgumentException("Format passthrough stages the source's bytes as they are: it has no encoder.", nameof(encoding)),
            _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding.Format, "No such staging format."),
        };
    }

    private static StagingCompression Resolve(StagingEncoding encoding)
    {
        var parquet = encoding.Format == StagingFormat.Parquet;
        return encoding.Compression switch
        {
            StagingCompression.Auto => parquet ? StagingCompression.Zstd : StagingCompression.Gzip,
            StagingCompression.Zstd or StagingCompression.Snappy when !parquet && encoding.Format != StagingFormat.Passthrough => throw new DataException(
                $"Format {Name(encoding.Format)} cannot be compressed with {Name(encoding.Compression)}: BigQuery reads text plain or gzipped. Set compression to gzip, none or auto, or format to parquet."),
            _ => encoding.Compression,
        };
    }

#pragma warning disable CA1308 // Names in the pipeline file are lower case.
    private static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
