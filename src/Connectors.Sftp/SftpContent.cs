using System.Net.Sockets;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;

namespace Etl.Connectors.Sftp;

/// <summary>A range of a file that tells, at its end, whether the file was changed meanwhile. A connection that breaks is an <see cref="IOException"/>, which the reader can resume after.</summary>
internal sealed class SftpContent(SftpClient client, SftpFileStream file, string path, long length, SourceObject pinned) : Stream
{
    private long left = length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (left == 0 || buffer.Length == 0) return 0;
        try
        {
            var count = await file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken).ConfigureAwait(false);
            left -= count;
            if ((count == 0 || left == 0) && FileVersion.Of(await client.GetAttributesAsync(path, cancellationToken).ConfigureAwait(false)) != pinned.Version) throw new ObjectChangedException(pinned.Uri);
            return count > 0 ? count : throw new IOException($"{pinned.Uri} ended before its length.");
        }
        catch (SftpPathNotFoundException e)
        {
            throw new ObjectChangedException(pinned.Uri, e);
        }
        catch (Exception e) when (e is SshException or SocketException or ObjectDisposedException)
        {
            throw new IOException($"The connection broke while {pinned.Uri} was read: {e.Message}", e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
        // Nothing is ever written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) CloseFile();
        base.Dispose(disposing);
    }

    // The server closes the file of a connection that broke by itself.
    private void CloseFile()
    {
        try
        {
            file.Dispose();
        }
        catch (Exception e) when (e is SshException or SocketException or ObjectDisposedException)
        {
            // It is closed.
        }
    }
}
