using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Engine;

public sealed class SamplerTests
{
    private static readonly byte[] Large = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 1_000_000).Select(i => $"{i:D9}\n")));

    [Fact]
    public async Task ALargePlainObjectIsSampledAtItsStartItsMiddleAndItsEnd()
    {
        var samples = await SamplesAsync(s => s.SampleAsync);
        Assert.Equal([0, 6_966_080, 9_737_856], samples.Select(s => s.Offset));
        Assert.All(samples, s => Assert.True(s.Bytes.Span.SequenceEqual(Large.AsSpan((int)s.Offset, s.Bytes.Length))));
        Assert.Equal(Large.Length, samples[^1].Offset + samples[^1].Bytes.Length);
        Assert.All(samples, s => Assert.False(s.Complete));
    }

    [Fact]
    public async Task TheWholeIsTheHeadAndTheRest()
    {
        var source = new MemorySource().Put("a.csv", Large).Put("b.csv", "x\n");
        var lengths = new List<(string, long, bool)>();
        await foreach (var sample in new Sampler(source, new LineParser(), TimeProvider.System).WholeAsync(await source.ListAsync(default).ToListAsync(), default))
        {
            using var rest = new MemoryStream();
            if (sample.Rest is not null)
                await sample.Rest.CopyToAsync(rest);
            lengths.Add((sample.Object.Uri, sample.Bytes.Length + rest.Length, sample.Complete));
        }

        Assert.Equal([Large.Length, 2], lengths.Select(l => l.Item2));
        Assert.Equal([false, true], lengths.Select(l => l.Item3));
    }

    private static async Task<List<Sample>> SamplesAsync(Func<Sampler, Func<IReadOnlyList<SourceObject>, CancellationToken, IAsyncEnumerable<Sample>>> how)
    {
        var source = new MemorySource().Put("a.csv", Large);
        return await how(new Sampler(source, new LineParser(), TimeProvider.System))(await source.ListAsync(default).ToListAsync(), default).ToListAsync();
    }
}
