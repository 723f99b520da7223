using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Xunit;

namespace Etl.Testing;

/// <content>That every row is accounted for: given, with its place, or rejected with a reason.</content>
public abstract partial class ParserConformance
{
    /// <summary>What objects of <see cref="NastyAsync"/> are read as: where the format lets values be bad, two of them are.</summary>
    private TableSchema Asked => TypesColumns ? Texts : Numbers;

    [Fact]
    public async Task ABadValueIsADeadLetterWithItsColumnAndReason()
    {
        var read = await NastyAsync();
        try
        {
            var parsed = await ReadAsync(CreateParser(Texts), read, Numbers);

            Assert.Equal(["1", "3", "4", "6", "7", "8"], parsed.Rows.Select(r => r[0]));
            Assert.Equal([("id", Bad), ("id", Bad)], parsed.Rejects.Select(r => (r.Column, r.Value)));
            Assert.All(parsed.Rejects, r => Assert.Contains(Bad, r.Row, StringComparison.Ordinal));
            Assert.All(parsed.Rejects, r => Assert.DoesNotContain(Bad, r.Reason, StringComparison.Ordinal));
        }
        catch (DataException e) when (TypesColumns)
        {
            AssertNames(read, e);
        }
    }

    [Fact]
    public async Task ABadValueOfAGuessedColumnBreaksTheSchema()
    {
        var read = await NastyAsync();

        var broken = await FailsAsync<SchemaBrokenException>(() => ReadAsync(CreateParser(Texts), read, new TableSchema([Numbers.Columns[0] with { IsGuess = true }, Numbers.Columns[1]])));

        Assert.Equal("id", broken.Column);
        Assert.StartsWith(read.Object.Uri, broken.ObjectName, StringComparison.Ordinal);
        Assert.True(broken.Line >= 1);
        Assert.DoesNotContain(Bad, broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMissingValueWhereThereMustBeOneIsADeadLetter()
    {
        var read = new ParserObject(await WriteAsync(Notes, Batches.Of(Notes, Batches.Int64(1, 2, 3), Batches.Text("a", null, "c"))));

        var parsed = await ReadAsync(CreateParser(Notes), read, new TableSchema([Notes.Columns[0], Notes.Columns[1] with { Nullable = false }]));

        Assert.Equal(["1 | a", "3 | c"], parsed.Lines);
        Assert.Equal("note", Assert.Single(parsed.Rejects).Column);
    }

    [Fact]
    public async Task ARowWithAValueInARefusedColumnIsADeadLetter()
    {
        var read = new ParserObject(await WriteAsync(Notes, Batches.Of(Notes, Batches.Int64(1, 2, 3), Batches.Text("a", null, "c"))));

        var parsed = await ReadAsync(CreateParser(Notes), read, new TableSchema([Notes.Columns[0], Notes.Columns[1] with { IsRefused = true }]));

        Assert.Equal(["2 | (none)"], parsed.Lines);
        Assert.Equal(["note", "note"], parsed.Rejects.Select(r => r.Column));
    }

    [Fact]
    public async Task EachRowHasItsPlaceAndThoseOfRejectedRowsAreBetween()
    {
        var read = await NastyAsync();

        var parsed = await ParsedRows.ReadAsync(CreateParser(Texts), read, Asked, Cancel, wantsPlaces: true);

        Assert.Equal(parsed.Rows.Count, parsed.Places.Count);
        Assert.Equal(parsed.Places.Order(), parsed.Places);
        var all = parsed.Places.Concat(parsed.Rejects.Select(r => (r.Line, r.ByteOffset))).Order().ToList();
        Assert.Equal(all.Distinct(), all);
        Assert.All(all, p => Assert.True(p.Item1 >= 1));
        Assert.All(all, p => Assert.InRange(p.Item2, 0, read.Object.Length - 1));
        Assert.Null(parsed.PlacesFrom);
        // The second row and the fifth are bad.
        if (!TypesColumns) Assert.Equal([1, 4], parsed.Rejects.Select(r => all.IndexOf((r.Line, r.ByteOffset))));
    }

    [Fact]
    public async Task ContentThatComesByteByByteGivesTheSameRows()
    {
        var read = await NastyAsync();

        var slow = await ReadAsync(CreateParser(Texts), new ParserObject(read.Bytes) { Serve = (content, seeks) => new ServedStream(content, seeks) { AtOnce = 1 } }, Asked);

        AssertSame(await ReadAsync(CreateParser(Texts), read, Asked), slow);
    }

    [Fact]
    public async Task AFileInAnArchiveGivesTheSameRowsOrIsRefused()
    {
        var plain = await NastyAsync();
        var read = new ParserObject(plain.Bytes) { IsPacked = true };
        var parser = CreateParser(Texts);
        try
        {
            var proposal = await InferAsync(parser, read.Start(parser));
            AssertSound(proposal, read);
            Assert.False(proposal.Dialects[0].Divisible, "only an object whose stored bytes are its content can be read in parts");
            var parsed = await ReadAsync(parser, read, Asked);
            var expected = await ReadAsync(parser, plain, Asked);
            Assert.Equal(expected.Lines, parsed.Lines);
            Assert.Equal(expected.Rejects.Count, parsed.Rejects.Count);
        }
        catch (DataException e)
        {
            AssertNames(read, e);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ManyRowsAreGivenOnceInTheirOrderWheneverTheirBatchesAreDisposed(bool atTheEnd)
    {
        var read = await ManyAsync(40_000);

        var parsed = await ParsedRows.ReadAsync(CreateParser(Notes), read, Notes, Cancel, keeps: atTheEnd);

        Assert.Empty(parsed.Rejects);
        Assert.Equal(Enumerable.Range(0, 40_000).Select(i => $"{i} | note {i % 7}"), parsed.Lines);
    }

    [Fact]
    public async Task WhoeverHasEnoughCanStopAfterABatch()
    {
        var read = await ManyAsync(40_000);
        var parser = CreateParser(Notes);

        await Task.Run(
            async () =>
            {
                await foreach (var batch in parser.ParseAsync(read.Open(parser, new ParseTally()), Notes, new ParsedRows(), Cancel))
                    using (batch)
                    {
                        Assert.True(batch.Length > 0);
                        break;
                    }
            },
            Cancel).WaitAsync(ParsedRows.Patience, Cancel);
    }

    [Fact]
    public async Task ManyObjectsAreReadAtOnceByOneParser()
    {
        var parser = CreateParser(Notes);
        var objects = new List<ParserObject>();
        for (var i = 0; i < 8; i++)
        {
            var many = await ManyAsync(200, seed: i);
            objects.Add(new ParserObject(many.Bytes, $"{i}.data") { Serve = (content, seeks) => new ServedStream(content, seeks) { AtOnce = 101 } });
        }

        var parsed = await Task.WhenAll(objects.Select(o => ReadAsync(parser, o, Notes)));

        for (var i = 0; i < parsed.Length; i++) Assert.Equal(Enumerable.Range(i, 200).Select(n => $"{n} | note {n % 7}"), parsed[i].Lines);
    }

    [Fact]
    public async Task AnObjectWithoutRowsGivesNone()
    {
        var read = new ParserObject(await WriteAsync(Notes, Batches.Of(Notes, Batches.Int64(), Batches.Text())));

        var parsed = await ReadAsync(CreateParser(Notes), read, Notes);

        Assert.Empty(parsed.Rows);
        Assert.Empty(parsed.Rejects);
    }

    [Fact]
    public async Task AnEmptyObjectGivesNoRowsOrIsRefused()
    {
        var read = new ParserObject([]);
        var parser = CreateParser(Notes);
        foreach (var schema in new[] { Notes, null })
            try
            {
                var parsed = await ReadAsync(parser, read, schema ?? (await InferAsync(parser, read.Start(parser))).Schema);
                Assert.Empty(parsed.Rows);
                Assert.Empty(parsed.Rejects);
            }
            catch (DataException e)
            {
                AssertNames(read, e);
            }
    }

    // Texts that are easily cut wrong, and ids of which two are no numbers.
    private async Task<ParserObject> NastyAsync()
    {
        string?[] notes = [.. Enumerable.Range(0, 8).Select(i => i == 2 ? null : Strings[i % Strings.Count])];
        return new ParserObject(await WriteAsync(Texts, Batches.Of(Texts, Batches.Text("1", Bad, "3", "4", Bad, "6", "7", "8"), Batches.Text(notes))));
    }

    private async Task<ParserObject> ManyAsync(int rows, int seed = 0) => new(await WriteAsync(Notes, Batches.Of(
        Notes,
        Batches.Int64([.. Enumerable.Range(seed, rows).Select(i => (long?)i)]),
        Batches.Text([.. Enumerable.Range(seed, rows).Select(i => $"note {i % 7}")]))));

    private static void AssertSame(ParsedRows expected, ParsedRows found)
    {
        Assert.Equal(expected.Lines, found.Lines);
        Assert.Equal(expected.Rejects, found.Rejects);
        Assert.Equal(expected.Tally.Repairs, found.Tally.Repairs);
    }
}
