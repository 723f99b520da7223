using Etl.Core.Contracts;
using Etl.Core.Errors;

namespace Etl.Core.Compression;

/// <summary>
/// An object's stored bytes as one stream that seeks and survives broken connections: it opens the source where it stands, and when a read breaks or ends
/// early, opens again there. For one reader at a time; disposing it closes what is open.
/// </summary>
/// <param name="source">Where the object is.</param>
/// <param name="object">The object, pinned.</param>
/// <param name="time">The clock of the waits between attempts.</param>
/// <param name="maxResumes">How often in a row it opens again without a byte gained, before it gives up.</param>
public sealed class ObjectStream(ISource source, SourceObject @object, TimeProvider time, int maxResumes = 5) : Stream
{
    private const int ReadThrough = 256 << 10;
    private Stream? open;
    private long openAt;
    private long position;
    private int failures;

    /// <summary>Stored bytes taken from the source so far, those read twice counted twice.</summary>
    public long BytesRead { get; private set; }

    /// <summary>How often a broken read was taken up again.</summary>
    public int Resumes { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => @object.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            position = value;
        }
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => Length + offset,
    };

    /// <inheritdoc/>
    /// <exception cref="ServiceException">The source kept failing at one place.</exception>
    /// <exception cref="ObjectChangedException">The object is no longer the pinned version.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, Math.Max(0, Length - position));
        if (wanted == 0)
            return 0;
        while (true)
        {
            try
            {
                await OpenAtPositionAsync(cancellationToken).ConfigureAwait(false);
                var count = await open!.ReadAsync(buffer[..wanted], cancellationToken).ConfigureAwait(false);
                if (count == 0)
                    throw new EndOfStreamException($"The source ended at byte {position} of {Length}.");
                BytesRead += count;
                openAt += count;
                position += count;
                failures = 0;
                return count;
            }
            catch (Exception e) when (IsBroken(e) && !cancellationToken.IsCancellationRequested)
            {
                await RetryAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Blocks: for readers such as zip archives that know no other way.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is ever written.
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            open?.Dispose();
            open = null;
        }

        base.Dispose(disposing);
    }

    private async ValueTask OpenAtPositionAsync(CancellationToken cancel)
    {
        if (open is not null && openAt != position)
        {
            var ahead = position - openAt;
            if (ahead is < 0 or > ReadThrough)
                await CloseAsync().ConfigureAwait(false);
            else
                await SkipAsync((int)ahead, cancel).ConfigureAwait(false);
        }

        if (open is not null)
            return;
        open = await source.OpenAsync(@object, new ByteRange(position, Length - position), cancel).ConfigureAwait(false);
        openAt = position;
    }

    private async ValueTask SkipAsync(int count, CancellationToken cancel)
    {
        var skipped = new byte[Math.Min(count, 64 << 10)];
        while (count > 0)
        {
            var read = await open!.ReadAsync(skipped.AsMemory(0, Math.Min(count, skipped.Length)), cancel).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException($"The source ended at byte {openAt} of {Length}.");
            count -= read;
            openAt += read;
            BytesRead += read;
        }
    }

    private async ValueTask RetryAsync(Exception cause, CancellationToken cancel)
    {
        await CloseAsync().ConfigureAwait(false);
        if (++failures > maxResumes)
            throw new ServiceException(
                $"{@object.Uri} could not be read beyond byte {position} of {Length}: {failures} attempts in a row failed, at last with: {cause.Message} Check the connection and run again: what is staged stays.",
                transient: true,
                cause);
        Resumes++;
        var wait = (cause as ServiceException)?.RetryAfter ?? TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(failures - 1, 8)));
        await Task.Delay(wait, time, cancel).ConfigureAwait(false);
    }

    /// <summary>Also a client's own timeout, which comes as a cancellation nobody asked for.</summary>
    private static bool IsBroken(Exception e) => e is IOException or HttpRequestException or OperationCanceledException or ServiceException { Transient: true };

    private async ValueTask CloseAsync()
    {
        if (open is not { } stream)
            return;
        open = null;
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // A broken connection may break again while it is closed.
        }
    }
}
