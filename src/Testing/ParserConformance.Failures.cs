using Etl.Core.Errors;
using Xunit;

namespace Etl.Testing;

/// <content>That whatever the bytes are, and whatever becomes of them, it ends: in rows that add up, in words, or in the failure that was met.</content>
public abstract partial class ParserConformance
{
    private const int MostTrials = 600;

    [Fact]
    public async Task AnObjectCutOffAnywhereEndsInRowsThatAddUpOrInWords()
    {
        var bytes = (await NastyAsync()).Bytes;

        for (var length = 1; length < bytes.Length; length += (bytes.Length / MostTrials) + 1) await EndsInWordsAsync(bytes[..length], $"the first {length} bytes");
    }

    [Fact]
    public async Task ADamagedObjectEndsInRowsThatAddUpOrInWords()
    {
        var bytes = (await NastyAsync()).Bytes;
        for (var seed = 0; seed < MostTrials / 2; seed++)
        {
            var random = new Random(seed);
            var damaged = bytes.ToArray();
            for (var i = random.Next(1, 5); i > 0; i--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            await EndsInWordsAsync(damaged, $"damage {seed}");
        }
    }

    [Fact]
    public async Task RubbishEndsInRowsThatAddUpOrInWords()
    {
        for (var seed = 0; seed < MostTrials / 4; seed++)
        {
            var random = new Random(seed);
            var rubbish = new byte[seed % 75 == 0 ? 300_000 : random.Next(1, 500)];
            random.NextBytes(rubbish);
            await EndsInWordsAsync(rubbish, $"rubbish {seed}");
        }

        // One byte over and over: no record ends, or all are empty.
        foreach (var each in "\0\n\r\"\t ,{[P\u007f"u8.ToArray().Append((byte)0xff))
            foreach (var length in (int[])[1, 100, 100_000])
                await EndsInWordsAsync([.. Enumerable.Repeat(each, length)], $"{length} bytes {each:x2}");
    }

    [Fact]
    public async Task AFailureOfTheContentIsNotTakenForDamage()
    {
        var bytes = (await NastyAsync()).Bytes;
        var parser = CreateParser(Texts);
        foreach (var after in (int[])[0, bytes.Length / 2, bytes.Length - 1])
        {
            var failed = false;
            var read = new ParserObject(bytes)
            {
                Serve = (content, seeks) => new ServedStream(content, seeks)
                {
                    FailsAt = after,
                    Failure = () =>
                    {
                        failed = true;
                        return new ServiceException("The connection broke.", transient: true);
                    },
                },
            };
            await EscapesAsync(() => ReadAsync(parser, read, Asked));
            await EscapesAsync(() => InferAsync(parser, read.Whole(parser, 1)));

            async Task EscapesAsync(Func<Task> action)
            {
                failed = false;
                var thrown = await Record.ExceptionAsync(action);
                // It may need no more bytes than came.
                if (failed) Assert.True(thrown is ServiceException { Transient: true }, $"a broken connection after {after} bytes ended in {thrown?.GetType().Name ?? "rows"}, and would not be tried again: {thrown?.Message}");
            }
        }
    }

    [Fact]
    public async Task InferringAndParsingStopWhenTheyAreCancelled()
    {
        var read = await ManyAsync(10);
        var parser = CreateParser(Notes);

        await StopsWhenCancelledAsync(async cancel => await parser.InferAsync(SamplesAsync([read.Start(parser)], CancellationToken.None), cancel));
        await StopsWhenCancelledAsync(cancel => ParsedRows.ReadAsync(parser, read, Notes, cancel));
    }

    [Fact]
    public async Task InferringAndParsingStopWhileTheyWaitForBytes()
    {
        var read = new ParserObject((await ManyAsync(10)).Bytes) { Serve = (content, seeks) => new ServedStream(content, seeks) { Waits = true } };
        var parser = CreateParser(Notes);

        await StopsAsync(cancel => ParsedRows.ReadAsync(parser, read, Notes, cancel));
        await StopsAsync(async cancel => await parser.InferAsync(SamplesAsync([read.Whole(parser, 1)], CancellationToken.None), cancel));

        static async Task StopsAsync(Func<CancellationToken, Task> action)
        {
            using var soon = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            soon.CancelAfter(TimeSpan.FromMilliseconds(100));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => action(soon.Token), Cancel).WaitAsync(ParsedRows.Patience, Cancel));
        }
    }

    private async Task EndsInWordsAsync(byte[] bytes, string what)
    {
        var read = new ParserObject(bytes);
        var parser = CreateParser(Texts);
        await InWordsAsync(() => ReadAsync(parser, read, Asked));
        if (!parser.ReadsStored) await InWordsAsync(() => InferAsync(parser, read.Start(parser) with { Complete = false }));
        await InWordsAsync(async () =>
        {
            var proposal = await InferAsync(parser, read.Start(parser));
            AssertSound(proposal, read);
            try
            {
                await ReadAsync(parser, read, proposal.Schema);
            }
            catch (SchemaBrokenException e)
            {
                Assert.False(proposal.IsWhole, $"a schema that was inferred from everything is broken, and would be for ever: {e.Message}");
            }
        });

        async Task InWordsAsync(Func<Task> action)
        {
            try
            {
                await action();
            }
            catch (DataException e) when (e.Message.Contains(read.Object.Uri, StringComparison.Ordinal))
            {
                // In words.
            }
            catch (Exception e)
            {
                Assert.Fail($"{what}: {e}");
            }
        }
    }
}
