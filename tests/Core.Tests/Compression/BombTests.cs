using System.IO.Compression;
using Etl.Core.Compression;
using Etl.Core.Errors;
using Xunit;

namespace Etl.Core.Tests.Compression;

/// <summary>Objects made to unpack without end.</summary>
public sealed class BombTests
{
    private static readonly byte[] Zeros = new byte[4 << 20];

    [Fact]
    public async Task AGzipBombIsRefusedByItsRatio()
    {
        // Gzip packs at most 1,032 times.
        var failure = await RefusedAsync(Repeat(Gzip(), 70), new UnpackLimits(900, long.MaxValue));

        Assert.Contains("s3://bucket/bomb unpacks to more than 900 times its size", failure, StringComparison.Ordinal);
        Assert.Contains("limits: unpack_ratio", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AZstdBombIsRefusedByItsRatioWithTheDefaultLimits() =>
        Assert.Contains("1,000 times", await RefusedAsync(Repeat(Zstd(), 70), UnpackLimits.Default), StringComparison.Ordinal);

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("zip")]
    public async Task ABombIsRefusedByItsSize(string kind)
    {
        var bomb = kind switch { "gzip" => Repeat(Gzip(), 4), "zstd" => Repeat(Zstd(), 4), _ => Zip(4) };

        var failure = await RefusedAsync(bomb, new UnpackLimits(1000, 10 << 20));

        Assert.Contains("unpacks to more than 10 MiB", failure, StringComparison.Ordinal);
        Assert.Contains("limits: unpack_size", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheFilesOfAnArchiveAreCountedTogether() =>
        Assert.Contains("900 times its size", await RefusedAsync(Zip(70), new UnpackLimits(900, long.MaxValue)), StringComparison.Ordinal);

    [Fact]
    public async Task WhatUnpacksToLittleMayUnpackToManyTimesItsSize() =>
        Assert.Equal(8L << 20, await ReadAsync(Repeat(Zstd(), 2), new UnpackLimits(2, long.MaxValue)));

    [Fact]
    public async Task AnArchiveThatItsParserReadsIsRefusedBeforeAnythingIsUnpacked()
    {
        var failure = await Assert.ThrowsAsync<DataException>(() => ReadAsync(Zip(4), new UnpackLimits(1000, 10 << 20), asStored: true));
        Assert.Contains("unpacks to more than 10 MiB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnArchiveThatItsParserReadsIsGivenAsItIs()
    {
        var zip = Zip(2);
        Assert.Equal(zip.Length, await ReadAsync(zip, UnpackLimits.Default, asStored: true));
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(zip);
        Assert.Equal(zip.Length, await ReadAsync(packed.ToArray(), UnpackLimits.Default, asStored: true));
    }

    [Fact]
    public async Task WhatIsPackedForSuchAParserFitsIntoMemory() =>
        Assert.Contains("a file of more than 64 MiB in zstd", (await Assert.ThrowsAsync<DataException>(() => ReadAsync(Repeat(Zstd(), 17), UnpackLimits.Default, asStored: true))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task AnArchiveThatSaysTooLittleOfItsSizeIsNotUnpackedBeyondIt()
    {
        var zip = Zip(1);
        // The central directory's entry has the size at 24 (PKWARE APPNOTE 4.3.12).
        var directory = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(directory + 24), 1000);

        await foreach (var entry in Decompression.OpenAsync(new MemoryStream(zip), "s3://bucket/bomb", TestContext.Current.CancellationToken, UnpackLimits.Default, asStored: true))
        {
            using var archive = new ZipArchive(entry.Content);
            using var part = archive.Entries[0].Open();
            Assert.InRange(await CountAsync(part), 0, 1000);
        }
    }

    private static async Task<long> CountAsync(Stream part)
    {
        var (buffer, total) = (new byte[1 << 16], 0L);
        try
        {
            for (int read; (read = await part.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0;) total += read;
        }
        catch (InvalidDataException)
        {
            // Or it is found out.
        }

        return total;
    }

    private static async Task<string> RefusedAsync(byte[] bomb, UnpackLimits limits) => (await Assert.ThrowsAsync<DataException>(() => ReadAsync(bomb, limits))).Message;

    private static async Task<long> ReadAsync(byte[] stored, UnpackLimits limits, bool asStored = false)
    {
        var buffer = new byte[1 << 20];
        var total = 0L;
        await foreach (var entry in Decompression.OpenAsync(new MemoryStream(stored), "s3://bucket/bomb", TestContext.Current.CancellationToken, limits, asStored))
            for (int read; (read = await entry.Content.ReadAsync(buffer)) > 0; total += read)
                ;
        return total;
    }

    private static byte[] Repeat(byte[] member, int count) => [.. Enumerable.Repeat(member, count).SelectMany(m => m)];

    private static byte[] Gzip()
    {
        var stored = new MemoryStream();
        using (var gzip = new GZipStream(stored, CompressionLevel.SmallestSize)) gzip.Write(Zeros);
        return stored.ToArray();
    }

    private static byte[] Zstd()
    {
        var stored = new MemoryStream();
        using (var zstd = new ZstdSharp.CompressionStream(stored)) zstd.Write(Zeros);
        return stored.ToArray();
    }

    private static byte[] Zip(int files)
    {
        var stored = new MemoryStream();
        using (var archive = new ZipArchive(stored, ZipArchiveMode.Create))
            for (var i = 0; i < files; i++)
            {
                using var entry = archive.CreateEntry($"{i}.csv", CompressionLevel.SmallestSize).Open();
                entry.Write(Zeros);
            }

        return stored.ToArray();
    }
}
