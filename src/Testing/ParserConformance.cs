using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Formats.Text;
using Xunit;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Testing;

/// <summary>
/// What every <see cref="IParser"/> must do: give batches of exactly the schema it is asked for, account for every row, and end in words whatever the bytes are. Inherit it, and say how rows are written in
/// the parser's format. Objects are given to the parser as the engine gives them: several bytes at a time, and such that seek only where the engine's do.
/// </summary>
public abstract partial class ParserConformance : ConnectorConformance
{
    private const string Bad = "no number";
    private static readonly TableSchema Notes = new([new Column("id", ColumnType.Int64, Nullable: false), new Column("note", ColumnType.String)]);
    private static readonly TableSchema Numbers = new([new Column("id", ColumnType.Int64), new Column("note", ColumnType.String)]);
    private static readonly TableSchema Texts = new([new Column("id", ColumnType.String), new Column("note", ColumnType.String)]);

    /// <summary>The parser, as a pipeline has it that reads objects of these columns. Where the format itself says what columns there are, it needs no telling; where it does not, it is told of their places, and finds out their types if it can.</summary>
    protected abstract IParser CreateParser(TableSchema columns);

    /// <summary>An object of the parser's format that holds the rows. <see cref="TextsOf"/> gives them as texts.</summary>
    protected abstract Task<byte[]> WriteAsync(TableSchema schema, RecordBatch rows);

    /// <summary>The column types that the format keeps: whose values are read back as they were written. INT64 and STRING are among them.</summary>
    protected virtual IReadOnlyList<ColumnType> Types => Enum.GetValues<ColumnType>();

    /// <summary>Texts that the format keeps. Override it where it cannot keep some: line ends, blanks round a text, a text of no character beside a missing one.</summary>
    protected virtual IReadOnlyList<string> Strings => EveryType.Strings;

    /// <summary>Whether an object says what its columns are called. Where it does not, they are found by their places.</summary>
    protected virtual bool NamesColumns => true;

    /// <summary>Whether an object says of which type each column is, so that it is refused as a whole where that type cannot become the schema's.</summary>
    protected virtual bool TypesColumns => false;

    /// <summary>The rows as texts: numbers and times as BigQuery reads them, null where a value is missing.</summary>
    protected static IReadOnlyList<IReadOnlyList<string?>> TextsOf(RecordBatch rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return [.. Enumerable.Range(0, rows.Length).Select(row => rows.Arrays.Select(column => ValueText.Format(column, row)).ToList())];
    }

    [Fact]
    public async Task EveryTypeIsReadBackWithItsEdges()
    {
        var schema = EveryType.Schema(Types);
        var read = new ParserObject(await WriteAsync(schema, EveryType.Batch(Types, Strings)));

        var parsed = await ReadAsync(CreateParser(schema), read, schema);

        Assert.Empty(parsed.Rejects);
        AssertSame(schema, EveryType.Expected(Types, Strings), schema, parsed);
    }

    [Fact]
    public async Task TheSchemaInferredFromAWholeObjectFitsItsRows()
    {
        var schema = EveryType.Schema(Types);
        var read = new ParserObject(await WriteAsync(schema, EveryType.Batch(Types, Strings)));
        var parser = CreateParser(schema);

        var proposal = await InferAsync(parser, read.Start(parser));

        AssertSound(proposal, read);
        AssertSame(schema, EveryType.Expected(Types, Strings), proposal.Schema, await ReadAsync(parser, read, proposal.Schema));
        Assert.False((await InferAsync(parser, read.Start(parser) with { OmitsOthers = true })).IsWhole);
    }

    [Fact]
    public async Task ASchemaInferredFromPiecesFitsAllRowsOrIsAGuess()
    {
        var schema = EveryType.Schema(Types);
        var read = new ParserObject(await WriteAsync(schema, EveryType.Batch(Types, Strings)));
        var parser = CreateParser(schema);
        var length = read.Bytes.Length;
        for (var cut = 1; cut < length; cut = Math.Min(cut + length / 50 + 1, Math.Max(cut + 1, length - 1)))
        {
            SchemaProposal proposal;
            try
            {
                proposal = await InferAsync(parser, read.Pieces(parser, cut));
            }
            catch (DataException e) when (cut < length - 1)
            {
                // The piece may hold no whole row.
                AssertNames(read, e);
                continue;
            }

            AssertSound(proposal, read);
            try
            {
                AssertSame(schema, EveryType.Expected(Types, Strings), proposal.Schema, await ReadAsync(parser, read, proposal.Schema));
            }
            catch (SchemaBrokenException e)
            {
                Assert.False(proposal.IsWhole, $"the first {cut} bytes and two more pieces are not everything, so the proposal must not say so: {e.Message}");
            }
        }
    }

    [Fact]
    public async Task AValueThatNoPieceShowsBreaksTheSchemaAndIsNoDeadLetter()
    {
        const int rows = 40;
        var read = new ParserObject(await WriteAsync(Texts, Batches.Of(Texts, Batches.Text([.. Enumerable.Range(1, rows).Select(i => i < rows ? $"{i}" : Bad)]), Batches.Text([.. Enumerable.Repeat("x", rows)]))));
        var parser = CreateParser(Texts);
        var proposal = await InferAsync(parser, read.Start(parser, read.Bytes.Length / 2));
        try
        {
            Assert.Equal(rows, (await ReadAsync(parser, read, proposal.Schema)).Rows.Count);
        }
        catch (SchemaBrokenException e)
        {
            Assert.Equal(proposal.Schema.Columns[0].Name, e.Column);
            AssertNames(read, e);
        }

        var whole = await InferAsync(parser, read.Whole(parser, read.Bytes.Length / 2));

        Assert.True(whole.IsWhole);
        Assert.Equal(rows, (await ReadAsync(parser, read, whole.Schema)).Rows.Count);
    }

    [Fact]
    public async Task AStartAndItsRestShowWhatAllOfItShows()
    {
        var schema = EveryType.Schema(Types);
        var read = new ParserObject(await WriteAsync(schema, EveryType.Batch(Types, Strings))) { Serve = (content, seeks) => new ServedStream(content, seeks) { AtOnce = 7 } };
        var parser = CreateParser(schema);
        var all = await InferAsync(parser, read.Start(parser));

        foreach (var head in (int[])[read.Bytes.Length / 2, read.Bytes.Length - 1])
        {
            var whole = await InferAsync(parser, read.Whole(parser, head));
            Assert.Equal(all.Schema, whole.Schema);
            Assert.Equal(all.IsWhole, whole.IsWhole);
        }
    }

    [Fact]
    public async Task ObjectsThatDifferAreOneTableOrAreRefused()
    {
        NeedsNames();
        var other = new TableSchema([new Column("more", ColumnType.String), .. Texts.Columns]);
        ParserObject[] objects =
        [
            new(await WriteAsync(Notes, Batches.Of(Notes, Batches.Int64(1, 2), Batches.Text("a", null))), "1.data"),
            new(await WriteAsync(other, Batches.Of(other, Batches.Text("m", null), Batches.Text(Bad, "4"), Batches.Text("c", "d"))), "2.data"),
        ];
        var parser = CreateParser(Notes);

        SchemaProposal proposal;
        try
        {
            proposal = await InferAsync(parser, [.. objects.Select(o => o.Start(parser))]);
        }
        catch (DataException e)
        {
            AssertNames(objects[1], e);
            return;
        }

        Assert.Equal(["id", "more", "note"], proposal.Schema.Columns.Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["1 a ", "2  ", $"{Bad} c m", "4 d "], (await Task.WhenAll(objects.Select(o => ReadAsync(parser, o, proposal.Schema)))).SelectMany(p => p.Rows.Select(r => $"{At(r, "id")} {At(r, "note")} {At(r, "more")}")));

        string? At(IReadOnlyList<string?> row, string column) => row[proposal.Schema.IndexOf(column)];
    }

    [Fact]
    public async Task ColumnsComeAsTheSchemaHasThemWhateverTheirOrderInTheObject()
    {
        NeedsNames();
        var read = new ParserObject(await WriteAsync(Notes, Batches.Of(Notes, Batches.Int64(1, 2), Batches.Text("a", null))));

        var parsed = await ReadAsync(CreateParser(Notes), read, new TableSchema([Notes.Columns[1], new Column("more", ColumnType.Date), Notes.Columns[0]]));

        Assert.Equal(["a | (none) | 1", "(none) | (none) | 2"], parsed.Lines);
    }

    [Fact]
    public async Task AColumnWhoseNameIsNotLegalIsFoundByTheNameItHas()
    {
        NeedsNames();
        var written = new TableSchema([Notes.Columns[0], new Column("a note (short)", ColumnType.String)]);
        var read = new ParserObject(await WriteAsync(written, Batches.Of(written, Batches.Int64(1, 2), Batches.Text("a", null))));
        var parser = CreateParser(written);

        var proposal = await InferAsync(parser, read.Start(parser));

        AssertSound(proposal, read);
        Assert.Equal("a note (short)", proposal.Schema.Columns[1].SourceName);
        Assert.Equal(["1 | a", "2 | (none)"], (await ReadAsync(parser, read, proposal.Schema)).Lines);
    }

    [Fact]
    public async Task ValuesOfAColumnThatTheSchemaLacksAreNotDroppedInSilence()
    {
        NeedsNames();
        var read = new ParserObject(await WriteAsync(Notes, Batches.Of(Notes, Batches.Int64(1, 2), Batches.Text("a", null))));
        try
        {
            var parsed = await ReadAsync(CreateParser(Notes), read, new TableSchema([Notes.Columns[0]]));
            Assert.Equal(1, parsed.Rejects.Count + parsed.Tally.Discarded.Values.Sum());
        }
        catch (DataException e)
        {
            AssertNames(read, e);
        }
    }

    private void NeedsNames() => Assert.SkipUnless(NamesColumns, "its objects do not say which columns they have");

    private static Task<ParsedRows> ReadAsync(IParser parser, ParserObject read, TableSchema schema) => ParsedRows.ReadAsync(parser, read, schema, Cancel);

    // Off this thread, so that one that blocks for ever is found out.
    private static Task<SchemaProposal> InferAsync(IParser parser, params Sample[] samples) =>
        Task.Run(async () => await parser.InferAsync(SamplesAsync(samples), Cancel), Cancel).WaitAsync(ParsedRows.Patience, Cancel);

    // They come by and by, as from objects.
    private static async IAsyncEnumerable<Sample> SamplesAsync(Sample[] samples, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        foreach (var sample in samples)
        {
            await Task.Yield();
            cancel.ThrowIfCancellationRequested();
            yield return sample;
        }
    }

    /// <summary>What must hold of a proposal whatever the samples are.</summary>
    private static void AssertSound(SchemaProposal proposal, ParserObject read)
    {
        var names = proposal.Schema.Columns.Select(c => c.Name).ToList();
        Assert.Equal(ColumnNames.Legal(names), names);
        Assert.All(proposal.Dialects, d => Assert.Equal(read.Object.Uri, d.Uri));
        Assert.Single(proposal.Dialects);
        Assert.Contains(proposal.Findings.Count, new[] { 0, names.Count });
        Assert.All([.. proposal.Inferred, .. proposal.Empty, .. proposal.Gaps], n => Assert.Contains(n, names));
    }

    // A column may be read as a wider type than it was written as: what it holds then is the same in that type's spelling, and in a text's as the format writes it.
    private static void AssertSame(TableSchema written, IReadOnlyList<IReadOnlyList<string?>> expected, TableSchema asked, ParsedRows parsed)
    {
        Assert.Equal(written.Columns.Select(c => c.Name), asked.Columns.Select(c => c.Name));
        Assert.Equal(expected.Count, parsed.Rows.Count);
        for (var row = 0; row < expected.Count; row++)
            for (var column = 0; column < asked.Columns.Count; column++)
            {
                var (value, found, type) = (expected[row][column], parsed.Rows[row][column], asked.Columns[column].Type);
                var same = type == ColumnType.String && written.Columns[column].Type != ColumnType.String ? value is null == found is null : CanonicalText.Of(type, value) == found;
                Assert.True(same, $"row {row + 1}, {asked.Columns[column].Name} as {type}: expected {value ?? "no value"}, found {found ?? "no value"}");
            }
    }

    private static void AssertNames(ParserObject read, Exception error) => Assert.Contains(read.Object.Uri, error.Message, StringComparison.Ordinal);
}
