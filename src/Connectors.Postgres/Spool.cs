using System.Security.Cryptography;
using System.Text;
using Etl.Core.Errors;

namespace Etl.Connectors.Postgres;

/// <summary>Text that was read once, in a temporary file that only this user can read and that is gone with the process.</summary>
internal sealed class Spool : IAsyncDisposable
{
    private const int CharactersAtOnce = 64 << 10;
    private readonly FileStream file;

    private Spool(FileStream file, string version) => (this.file, Version, Length) = (file, version, file.Length);

    /// <summary>SHA-256 of the bytes, in hex.</summary>
    public string Version { get; }

    /// <summary>How many bytes there are.</summary>
    public long Length { get; }

    /// <summary>Writes all of a reader's text.</summary>
    /// <exception cref="ServiceException">The disk is full.</exception>
    public static async Task<Spool> WriteAsync(TextReader reader, CancellationToken cancel)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"etl-{Guid.NewGuid():n}.csv"), options);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var characters = new char[CharactersAtOnce];
            var bytes = new byte[Encoding.UTF8.GetMaxByteCount(CharactersAtOnce)];
            var encoder = Encoding.UTF8.GetEncoder();
            int read;
            do
            {
                read = await reader.ReadBlockAsync(characters, cancel).ConfigureAwait(false);
                var count = encoder.GetBytes(characters.AsSpan(0, read), bytes, flush: read == 0);
                hash.AppendData(bytes, 0, count);
                await file.WriteAsync(bytes.AsMemory(0, count), cancel).ConfigureAwait(false);
            }
            while (read > 0);
            await file.FlushAsync(cancel).ConfigureAwait(false);
            return new Spool(file, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch (Exception e)
        {
            await file.DisposeAsync().ConfigureAwait(false);
            if (e is IOException { InnerException: null }) throw new ServiceException($"The rows could not be written to {Path.GetTempPath()}: {e.Message} Free some space, or set TMPDIR to a larger disk.", transient: false, e);
            throw;
        }
    }

    /// <summary>The bytes from one on.</summary>
    public Stream Open(long offset)
    {
        var opened = new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);
        opened.Position = offset;
        return opened;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => file.DisposeAsync();
}
