using System.IO.Compression;
using System.Text;
using Etl.Core.Compression;
using Etl.Core.Errors;
using Xunit;

namespace Etl.Core.Tests.Compression;

public sealed class DecompressionTests
{
    private static readonly byte[] Text = Sample(300_000);
    private static readonly byte[] Gzipped = Gzip(Text);

    [Fact]
    public async Task PlainBytesComeAsTheyAreByteOrderMarkIncluded()
    {
        byte[] plain = [0xef, 0xbb, 0xbf, (byte)'a', (byte)'\n'];
        Assert.Equal(plain, await Whole(plain));
        Assert.Equal([1], await Whole([1]));
        Assert.Empty(await Whole([]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public async Task AllGzipMembersAreReadHoweverTheBytesArrive(int atMost)
    {
        byte[] second = Gzip("second"u8.ToArray()), empty = Gzip("x"u8.ToArray())[..10];
        byte[] none = [.. empty, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] stored = [.. none, .. Gzipped, .. none, .. second, .. none];
        byte[] expected = [.. Text, .. "second"u8];
        Assert.Equal(expected, await Whole(new Trickle(stored, atMost)));
        Assert.Equal(expected, WholeBlocking(new Trickle(stored, atMost)));
    }

    [Fact]
    public async Task ManySmallMembersAreRead()
    {
        var stored = Enumerable.Range(0, 3000).SelectMany(i => Gzip(Encoding.ASCII.GetBytes($"line {i}\n"))).ToArray();
        Assert.Equal(string.Concat(Enumerable.Range(0, 3000).Select(i => $"line {i}\n")), Encoding.ASCII.GetString(await Whole(stored)));
    }

    [Fact]
    public async Task GzipHeadersWithNameCommentExtraAndChecksumAreRead()
    {
        byte[] header = [0x1f, 0x8b, 8, 0x02 | 0x04 | 0x08 | 0x10, 0, 0, 0, 0, 0, 3, 4, 0, 1, 2, 3, 4, (byte)'n', 0, (byte)'c', 0, 9, 9];
        Assert.Equal(Text, await Whole([.. header, .. Gzipped[10..]]));
    }

    [Fact]
    public async Task GzipCutAnywhereIsDetected()
    {
        var cuts = new[] { 3, 9, 10, 11, 100, Gzipped.Length / 2, Gzipped.Length - 9 }.Concat(Enumerable.Range(1, 8).Select(k => Gzipped.Length - k));
        foreach (var cut in cuts)
        {
            var failure = await Assert.ThrowsAsync<DataException>(() => Whole(Gzipped[..cut]));
            Assert.Contains("s3://bucket/a.gz is cut short", failure.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<DataException>(() => Whole([.. Gzipped, .. Gzipped[..cut]]));
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(1)]
    public async Task GzipWithAWrongChecksumOrSizeIsDetected(int fromEnd)
    {
        var wrong = (byte[])Gzipped.Clone();
        wrong[^fromEnd] ^= 1;
        await Assert.ThrowsAsync<DataException>(() => Whole(wrong));
        await Assert.ThrowsAsync<DataException>(() => Whole([.. wrong, .. Gzipped]));
    }

    [Fact]
    public async Task GzipWithABrokenMiddleIsDetected()
    {
        var wrong = (byte[])Gzipped.Clone();
        wrong[wrong.Length / 2] ^= 0xff;
        await Assert.ThrowsAsync<DataException>(() => Whole(wrong));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20_000)]
    public async Task BytesAfterTheLastGzipMemberAreRefused(int count)
    {
        var garbage = new byte[count];
        garbage.AsSpan().Fill(7);
        await Assert.ThrowsAsync<DataException>(() => Whole([.. Gzipped, .. garbage]));
    }

    [Fact]
    public async Task AllZstdFramesAreReadAndSkippableOnesSkipped()
    {
        byte[] skippable = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        byte[] stored = [.. skippable, .. Zstd(Text), .. skippable, .. Zstd("second"u8.ToArray())];
        byte[] expected = [.. Text, .. "second"u8];
        Assert.Equal(expected, await Whole(stored));
        Assert.Equal(expected, await Whole(new Trickle(stored, 1000)));
    }

    [Fact]
    public async Task ZstdCutOrDamagedIsDetected()
    {
        var stored = Zstd(Text);
        foreach (var cut in new[] { 5, stored.Length / 2, stored.Length - 1 })
            await Assert.ThrowsAsync<DataException>(() => Whole(stored[..cut]));
        stored[stored.Length / 2] ^= 0xff;
        await Assert.ThrowsAsync<DataException>(() => Whole(stored));
        await Assert.ThrowsAsync<DataException>(() => Whole([.. Zstd(Text), 1, 2, 3, 4, 5, 6, 7, 8]));
    }

    [Fact]
    public async Task ZipEntriesComeInTheOrderOfTheirNamesWithoutFolders()
    {
        var stored = Zip(("b.csv", "two"), ("a/", ""), ("__MACOSX/a.csv", "no"), ("a/a.csv", "one"));
        var entries = new List<string>();
        await foreach (var entry in Decompression.OpenAsync(new MemoryStream(stored), "file:///z.zip", TestContext.Current.CancellationToken))
            entries.Add($"{entry.Name}={new StreamReader(entry.Content).ReadToEnd()}");
        Assert.Equal(["a/a.csv=one", "b.csv=two"], entries);
    }

    [Fact]
    public async Task AnEncryptedZipEntryIsNamed()
    {
        var stored = Zip(("a.csv", "one"));
        var central = stored.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        stored[6] |= 1;
        stored[central + 8] |= 1;
        var failure = await Assert.ThrowsAsync<DataException>(() => Whole(stored));
        Assert.Contains("!a.csv is encrypted", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AZipCutShortOrWithAWrongChecksumIsDetected()
    {
        var stored = Zip(("a.csv", Encoding.ASCII.GetString(Text)));
        await Assert.ThrowsAsync<DataException>(() => Whole(stored[..(stored.Length / 2)]));
        stored[stored.AsSpan().LastIndexOf("PK\u0001\u0002"u8) + 16] ^= 1;
        await Assert.ThrowsAsync<DataException>(() => Whole(stored));
    }

    [Fact]
    public async Task AFileThatUnpacksWithoutEndIsRefused()
    {
        var stored = Zstd(new byte[64 << 20]);
        var many = Enumerable.Repeat(stored, 20).SelectMany(b => b).ToArray();
        await using var packed = new MemoryStream(many);
        var buffer = new byte[1 << 20];
        var failure = await Assert.ThrowsAsync<DataException>(async () =>
        {
            await foreach (var entry in Decompression.OpenAsync(packed, "s3://bucket/bomb", TestContext.Current.CancellationToken))
                while (await entry.Content.ReadAsync(buffer) > 0)
                    ;
        });
        Assert.Contains("1,000 times", failure.Message, StringComparison.Ordinal);
    }

    private static Task<byte[]> Whole(byte[] stored) => Whole(new MemoryStream(stored));

    private static async Task<byte[]> Whole(Stream stored)
    {
        var content = new MemoryStream();
        await foreach (var entry in Decompression.OpenAsync(stored, "s3://bucket/a.gz", TestContext.Current.CancellationToken))
            await entry.Content.CopyToAsync(content);
        return content.ToArray();
    }

    private static byte[] WholeBlocking(Stream stored)
    {
        var content = new MemoryStream();
        foreach (var entry in Decompression.OpenAsync(stored, "s3://bucket/a.gz", CancellationToken.None).ToBlockingEnumerable())
            entry.Content.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] Sample(int length)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next('a', 'k'))];
    }

    private static byte[] Gzip(byte[] content)
    {
        var stored = new MemoryStream();
        using (var gzip = new GZipStream(stored, CompressionLevel.Optimal))
            gzip.Write(content);
        return stored.ToArray();
    }

    private static byte[] Zstd(byte[] content)
    {
        var stored = new MemoryStream();
        using (var zstd = new ZstdSharp.CompressionStream(stored))
        {
            zstd.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            zstd.Write(content);
        }

        return stored.ToArray();
    }

    private static byte[] Zip(params (string Name, string Content)[] files)
    {
        var stored = new MemoryStream();
        using (var archive = new ZipArchive(stored, ZipArchiveMode.Create))
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }

        return stored.ToArray();
    }
}
