namespace Etl.Testing;

/// <summary>Bytes as the engine serves an object's: some at a time, asynchronously, from any place on if it seeks. They may fail, or never come.</summary>
/// <param name="content">The bytes.</param>
/// <param name="seeks">Whether it seeks and has a length.</param>
internal sealed class ServedStream(ReadOnlyMemory<byte> content, bool seeks) : Stream
{
    private int position;

    /// <summary>The most bytes of one read.</summary>
    public int AtOnce { get; init; } = 50_000;

    /// <summary>How many bytes are read before it fails; null when it does not fail.</summary>
    public int? FailsAt { get; init; }

    /// <summary>What it fails with.</summary>
    public Func<Exception>? Failure { get; init; }

    /// <summary>Whether no byte ever comes.</summary>
    public bool Waits { get; init; }

    /// <summary>Whether anything was asked of it.</summary>
    public bool WasRead { get; private set; }

    private int taken;

    public override bool CanRead => true;

    public override bool CanSeek => seeks;

    public override bool CanWrite => false;

    public override long Length => seeks ? content.Length : throw new NotSupportedException();

    public override long Position { get => seeks ? position : throw new NotSupportedException(); set => Seek(value, SeekOrigin.Begin); }

    public override long Seek(long offset, SeekOrigin origin)
    {
        if (!seeks) throw new NotSupportedException();
        position = checked((int)(origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => position + offset, _ => content.Length + offset }));
        ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(offset));
        return position;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        WasRead = true;
        cancellationToken.ThrowIfCancellationRequested();
        if (Waits) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        else await Task.Yield();
        var most = Math.Min(AtOnce, FailsAt - taken ?? int.MaxValue);
        if (most == 0 && buffer.Length > 0) throw Failure!();
        var part = position >= content.Length ? default : content.Slice(position, Math.Min(content.Length - position, Math.Min(buffer.Length, most)));
        part.CopyTo(buffer);
        position += part.Length;
        taken += part.Length;
        return part.Length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // As the engine's: whoever blocks cannot be stopped.
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
        // Nothing is ever written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
