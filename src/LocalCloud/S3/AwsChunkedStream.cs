using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Etl.LocalCloud.Identity;

namespace Etl.LocalCloud.S3;

/// <summary>Decodes an <c>aws-chunked</c> body and, when it is signed, verifies each chunk's signature (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html).</summary>
internal sealed class AwsChunkedStream(Stream inner, SignedBy? signed, bool trailed) : Stream
{
    private const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const int LongestLine = 8 << 10;
    private readonly BufferedStream body = new(inner, 64 << 10);
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private string previous = signed?.Signature ?? "";
    private string? signature;
    private readonly Dictionary<string, string> trailers = [];
    private long left;
    private bool started, ended;

    /// <summary>The trailing headers, by lower-case name, once the body is read to its end.</summary>
    public IReadOnlyDictionary<string, string> Trailers => trailers;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (left == 0 && !ended) await NextChunkAsync(cancellationToken).ConfigureAwait(false);
        if (ended) return 0;
        var read = await body.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken).ConfigureAwait(false);
        if (read == 0) throw Incomplete();
        hash.AppendData(buffer.Span[..read]);
        left -= read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) hash.Dispose();
        base.Dispose(disposing);
    }

    private async Task NextChunkAsync(CancellationToken cancel)
    {
        if (started)
        {
            await LineAsync(cancel).ConfigureAwait(false);
            Verify();
        }

        started = true;
        var head = (await LineAsync(cancel).ConfigureAwait(false)).Split(';');
        if (!long.TryParse(head[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out left)) throw new AwsRefusedException("InvalidRequest", "The chunk's size is not a number.", 400);
        signature = head.Skip(1).Select(e => e.Split('=', 2)).FirstOrDefault(e => e[0] == "chunk-signature")?[1];
        if (left > 0) return;
        Verify();
        await TrailersAsync(cancel).ConfigureAwait(false);
        ended = true;
    }

    // Trailing headers, up to an empty line or the end, the last of them the signature of the others.
    private async Task TrailersAsync(CancellationToken cancel)
    {
        const string SignatureName = "x-amz-trailer-signature";
        var canonical = new StringBuilder();
        while (await LineAsync(cancel).ConfigureAwait(false) is { Length: > 0 } line)
        {
            var parts = line.Split(':', 2);
            if (parts.Length < 2) throw new AwsRefusedException("MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.", 400);
            var (name, value) = (parts[0].Trim().ToLowerInvariant(), parts[1].Trim());
            trailers[name] = value;
            if (name != SignatureName) canonical.Append(name).Append(':').Append(value).Append('\n');
        }

        if (signed is null || !trailed) return;
        var expected = Convert.ToHexStringLower(SigV4Verifier.Hmac(signed.SigningKey, $"AWS4-HMAC-SHA256-TRAILER\n{signed.Date}\n{signed.Scope}\n{previous}\n{SigV4Verifier.Hash(canonical.ToString())}"));
        if (trailers.GetValueOrDefault(SignatureName) != expected) throw new AwsRefusedException("SignatureDoesNotMatch", "The trailer signature we calculated does not match the one you provided.");
    }

    private void Verify()
    {
        if (signed is null)
        {
            hash.GetHashAndReset();
            return;
        }

        var toSign = $"AWS4-HMAC-SHA256-PAYLOAD\n{signed.Date}\n{signed.Scope}\n{previous}\n{EmptyHash}\n{Convert.ToHexStringLower(hash.GetHashAndReset())}";
        var expected = Convert.ToHexStringLower(SigV4Verifier.Hmac(signed.SigningKey, toSign));
        if (signature != expected) throw new AwsRefusedException("SignatureDoesNotMatch", "The chunk signature we calculated does not match the one you provided.");
        previous = expected;
    }

    private async Task<string> LineAsync(CancellationToken cancel)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < LongestLine)
        {
            if (await body.ReadAsync(one, cancel).ConfigureAwait(false) == 0) return line.Length == 0 && left == 0 && signature is not null | signed is null ? "" : throw Incomplete();
            if (one[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }

        throw new AwsRefusedException("InvalidRequest", "A chunk's head is too long.", 400);
    }

    private static AwsRefusedException Incomplete() => new("IncompleteBody", "The request body terminated unexpectedly", 400);
}
