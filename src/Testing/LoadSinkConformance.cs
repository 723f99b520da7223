using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Xunit;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Testing;

/// <summary>What every <see cref="ILoadSink"/> must do: load a run once however often it is asked, all or nothing, and keep every value. Inherit it, and say how the table's rows are read back.</summary>
public abstract class LoadSinkConformance : ConnectorConformance
{
    private static readonly TableSchema Notes = new([new Column("id", ColumnType.Int64, Nullable: false), new Column("note", ColumnType.String)]);

    /// <summary>The sink, which writes to the same table for the whole test; with <see cref="WriteDisposition.Merge"/> its key is <c>id</c>.</summary>
    protected abstract ILoadSink CreateSink(WriteDisposition write);

    /// <summary>The table's rows in any order, the columns as the schema has them; none when there is no table. A value is what the service's own client gives: a number, a date, a text; null when missing.</summary>
    protected abstract Task<IReadOnlyList<IReadOnlyList<object?>>> ReadAsync(TableSchema schema);

    /// <summary>Stages a file where the sink loads from. Here: in <see cref="ConnectorConformance.Folder"/>, as a <c>file</c> URI.</summary>
    protected virtual async Task<StagedFile> StageAsync(string name, byte[] content)
    {
        var path = Path.Combine(Folder.Path, "staged", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, content, Cancel);
        return new StagedFile(new Uri(path).AbsoluteUri, content.Length, StagingSinkConformance.Crc32c(content));
    }

    /// <summary>How staged files are written.</summary>
    protected virtual StagingEncoding Encoding => new(StagingFormat.Parquet, StagingCompression.Auto);

    /// <summary>The write dispositions it has.</summary>
    protected virtual IReadOnlyList<WriteDisposition> Writes => [WriteDisposition.Append, WriteDisposition.Replace];

    /// <summary>The column types it keeps. It must refuse the others by name.</summary>
    protected virtual IReadOnlyList<ColumnType> Types => Enum.GetValues<ColumnType>();

    [Fact]
    public async Task EveryTypeIsReadBackWithItsEdges()
    {
        var schema = EveryType.Schema(Types);
        var run = await RunAsync("1", schema, EveryType.Batch(Types));

        await CommitAsync(run);

        var rows = await RowsAsync(schema);
        var expected = EveryType.Expected(Types);
        Assert.Equal(expected.Count, rows.Count);
        for (var row = 0; row < rows.Count; row++)
            for (var column = 0; column < schema.Columns.Count; column++)
                Assert.True(expected[row][column] == rows[row][column], $"row {row + 1}, {schema.Columns[column].Name}: expected {Show(expected[row][column])}, read back {Show(rows[row][column])}");
    }

    [Fact]
    public async Task ATypeThatItCannotKeepIsRefusedWhenARunIsPlanned()
    {
        foreach (var type in Enum.GetValues<ColumnType>().Except(Types))
            await FailsAsync<EtlException>(async () => await CreateSink(Writes[0]).CheckAsync(StagedRun.Plan("1", EveryType.Schema([type]), Encoding), Cancel));
    }

    [Theory]
    [InlineData(StagingFormat.Parquet)]
    [InlineData(StagingFormat.Csv)]
    [InlineData(StagingFormat.Ndjson)]
    [InlineData(StagingFormat.Passthrough)]
    public async Task AStagedFormatIsLoadedOrRefusedWhenARunIsPlanned(StagingFormat format)
    {
        // As they come: a CSV file as a source has it.
        var passes = format == StagingFormat.Passthrough;
        var plan = StagedRun.Plan("1", Notes, new StagingEncoding(format, passes ? StagingCompression.None : StagingCompression.Auto), passes ? new ObjectDialect("s3://lake/notes.csv", null, "utf-8", ",", "\"", 1, ["id", "note"]) : null);
        try
        {
            await CreateSink(Writes[0]).CheckAsync(plan, Cancel);
        }
        catch (DataException) when (format != Encoding.Format)
        {
            return;
        }

        var (content, extension) = passes ? ("id,note\n1,a\n2,\"b, c\"\n"u8.ToArray(), ".csv") : await StagedRun.EncodeAsync(Batch("a", "b, c"), Notes, plan.Encoding, Cancel);
        var file = await StageAsync($"orders/{plan.RunId}/0{extension}", content);

        var receipt = await CommitAsync(new StagedRun(plan, [StagedRun.Receipt(0, file, 2)]));

        Assert.Equal(2, receipt.Rows);
        Assert.Equal(["1 a", "2 b, c"], await NotesAsync());
    }

    [Fact]
    public async Task CommittingTwiceLoadsOnceAndGivesTheSameReceipt()
    {
        var run = await NotesAsync("1", "a", "b");
        var first = await CommitAsync(run);

        Assert.Equal(first, await CommitAsync(run));
        Assert.Equal(2, first.Rows);
        Assert.Equal(["1 a", "2 b"], await NotesAsync());
        Assert.NotEmpty(first.Target);
    }

    [Fact]
    public async Task ARunLoadedBeforeAnotherIsStillFound()
    {
        var (one, two) = (await NotesAsync("1", "a"), await NotesAsync("2", "b"));
        var first = await CommitAsync(one);
        await CommitAsync(two);

        Assert.Equal(first, await CommitAsync(one));
        Assert.Equal(["1 a", "1 b"], await NotesAsync());
    }

    [Fact]
    public async Task EveryFileOfARunIsLoaded()
    {
        var parts = new List<StagedRun>();
        for (var i = 0; i < 3; i++) parts.Add(await NotesAsync("1", $"a{i}", null));

        var receipt = await CommitAsync(parts[0] with { Receipts = [.. parts.SelectMany(p => p.Receipts).Select((r, i) => r with { Split = i })] });

        Assert.Equal(6, receipt.Rows);
        Assert.Equal(["1 a0", "1 a1", "1 a2", "2 ", "2 ", "2 "], await NotesAsync());
    }

    [Fact]
    public async Task ARunWithoutFilesLoadsNoRows()
    {
        var run = new StagedRun(StagedRun.Plan("1", Notes, Encoding), []);

        var receipt = await CommitAsync(run);

        Assert.Equal(0, receipt.Rows);
        Assert.Equal(receipt, await CommitAsync(run));
        Assert.Empty(await NotesAsync());
    }

    [Fact]
    public async Task AFileWithoutRowsLoadsNone()
    {
        Assert.Equal(0, (await CommitAsync(await NotesAsync("1"))).Rows);
        Assert.Empty(await NotesAsync());
    }

    [Fact]
    public async Task AppendKeepsTheRowsThatAreThere()
    {
        Needs(WriteDisposition.Append);
        await CommitAsync(await NotesAsync("1", "a"), WriteDisposition.Append);
        await CommitAsync(await NotesAsync("2", "b"), WriteDisposition.Append);

        Assert.Equal(["1 a", "1 b"], await NotesAsync());
    }

    [Fact]
    public async Task ReplaceLeavesOnlyTheRowsOfTheRun()
    {
        Needs(WriteDisposition.Replace);
        await CommitAsync(await NotesAsync("1", "a", "b"), WriteDisposition.Replace);
        await CommitAsync(await NotesAsync("2", "c"), WriteDisposition.Replace);
        Assert.Equal(["1 c"], await NotesAsync());

        await CommitAsync(new StagedRun(StagedRun.Plan("3", Notes, Encoding), []), WriteDisposition.Replace);
        Assert.Empty(await NotesAsync());
    }

    [Fact]
    public async Task MergeKeepsOneRowAKey()
    {
        Needs(WriteDisposition.Merge);
        await CommitAsync(await NotesAsync("1", "a", "b"), WriteDisposition.Merge);
        var second = await NotesAsync("2", "A", null, "c");

        var receipt = await CommitAsync(second, WriteDisposition.Merge);

        Assert.Equal(receipt, await CommitAsync(second, WriteDisposition.Merge));
        Assert.Equal((3L, new RowChanges(1, 2, 0)), (receipt.Rows, receipt.Changes));
        Assert.Equal(["1 A", "2 ", "3 c"], await NotesAsync());
    }

    [Fact]
    public async Task ObjectsThatChangedTakeThePlaceOfTheirOwnRowsOrAreRefusedWhenARunIsPlanned()
    {
        Needs(WriteDisposition.Append);
        var schema = new TableSchema([.. Notes.Columns, new Column("object", ColumnType.String) { Metadata = RowOrigin.Object }]);
        StagedRun Changed(StagedRun run) => run with { Manifest = StagedRun.Plan(run.Manifest.After!, schema, Encoding, replaces: ["s3://lake/it's.csv", "s3://lake/gone.csv"]) };
        Task<StagedRun> Rows(string id, params (string Note, string Object)[] rows) => RunAsync(id, schema, Batches.Of(
            schema, Batches.Int64([.. rows.Select((_, i) => (long?)i + 1)]), Batches.Text([.. rows.Select(r => r.Note)]), Batches.Text([.. rows.Select(r => r.Object)])));
        await CommitAsync(await Rows("1", ("a", "s3://lake/it's.csv"), ("b", "s3://lake/other.csv"), ("c", "s3://lake/it's.csv")), WriteDisposition.Append);
        var again = Changed(await Rows("2", ("A", "s3://lake/it's.csv")));
        try
        {
            await CreateSink(WriteDisposition.Append).CheckAsync(again.Manifest, Cancel);
        }
        catch (DataException)
        {
            return;
        }

        var receipt = await CommitAsync(again, WriteDisposition.Append);

        Assert.Equal(receipt, await CommitAsync(again, WriteDisposition.Append));
        Assert.Equal((1L, new RowChanges(1, 0, 2)), (receipt.Rows, receipt.Changes));
        Assert.Equal(["1 A", "2 b"], await NotesAsync());

        await CommitAsync(Changed(new StagedRun(StagedRun.Plan("3", schema, Encoding), [])), WriteDisposition.Append);
        Assert.Equal(["2 b"], await NotesAsync());
    }

    [Fact]
    public async Task WhenAStagedFileIsMissingNothingIsLoadedAndTheRunCanBeCommittedLater()
    {
        await CommitAsync(await NotesAsync("1", "a"));
        var run = await NotesAsync("2", "b");
        var file = run.Receipts[0].Files[0];
        var broken = run with { Receipts = [run.Receipts[0], StagedRun.Receipt(1, file with { Uri = file.Uri + ".gone" }, 1)] };

        await FailsAsync<EtlException>(() => CommitAsync(broken));

        var left = await NotesAsync();
        Assert.Equal(Writes[0] == WriteDisposition.Append ? ["1 a"] : left, left);
        Assert.DoesNotContain("1 b", left);
        await CommitAsync(run);
        Assert.Contains("1 b", await NotesAsync());
    }

    [Fact]
    public async Task CheckingChangesNothing()
    {
        await CreateSink(Writes[0]).CheckAsync(StagedRun.Plan("1", Notes, Encoding), Cancel);
        Assert.Empty(await NotesAsync());
        await CommitAsync(await NotesAsync("1", "a"));

        await CreateSink(Writes[0]).CheckAsync(StagedRun.Plan("2", new TableSchema([.. Notes.Columns, new Column("more", ColumnType.Date)]), Encoding), Cancel);

        Assert.Equal(["1 a"], await NotesAsync());
    }

    [Fact]
    public async Task ATableThatIsDescribedHasTheColumnsThatWereLoaded()
    {
        if (CreateSink(Writes[0]) is not IDescribedTable described) return;
        Assert.Null((await described.DescribeAsync(Cancel)).Columns);
        await CommitAsync(await NotesAsync("1", "a"));

        var table = await described.DescribeAsync(Cancel);

        Assert.Equal(["id", "note"], table.Columns!.Select(c => c.Name));
        Assert.Contains(ColumnType.Int64, table.Find("ID")!.Types);
    }

    [Fact]
    public async Task ACommitStopsWhenItIsCancelledAndCanBeDoneLater()
    {
        var run = await NotesAsync("1", "a");

        await StopsWhenCancelledAsync(async cancel => await CreateSink(Writes[0]).CommitAsync(run.Manifest, run.Receipts, cancel));

        Assert.Equal(1, (await CommitAsync(run)).Rows);
        Assert.Equal(["1 a"], await NotesAsync());
    }

    /// <summary>A staged run of one batch.</summary>
    protected async Task<StagedRun> RunAsync(string id, TableSchema schema, RecordBatch batch)
    {
        var rows = batch.Length;
        var manifest = StagedRun.Plan(id, schema, Encoding);
        var (content, extension) = await StagedRun.EncodeAsync(batch, schema, Encoding, Cancel);
        var file = await StageAsync($"orders/{manifest.RunId}/{Guid.NewGuid():n}{extension}", content);
        return new StagedRun(manifest, [StagedRun.Receipt(0, file, rows)]);
    }

    private async Task<LoadReceipt> CommitAsync(StagedRun run, WriteDisposition? write = null)
    {
        var sink = CreateSink(write ?? Writes[0]);
        await sink.CheckAsync(run.Manifest, Cancel);
        return await RetriedAsync(async () => await sink.CommitAsync(run.Manifest, run.Receipts, Cancel));
    }

    private Task<StagedRun> NotesAsync(string id, params string?[] notes) => RunAsync(id, Notes, Batch(notes));

    private static RecordBatch Batch(params string?[] notes) => Batches.Of(Notes, Batches.Int64([.. notes.Select((_, i) => (long?)i + 1)]), Batches.Text(notes));

    private async Task<IReadOnlyList<string>> NotesAsync() => [.. (await RowsAsync(Notes)).Select(r => $"{r[0]} {r[1]}")];

    private async Task<List<List<string?>>> RowsAsync(TableSchema schema) =>
        [.. (await ReadAsync(schema))
            .Select(row => row.Select((value, i) => CanonicalText.Of(schema.Columns[i].Type, value)).ToList())
            .OrderBy(row => long.Parse(row[0]!, System.Globalization.CultureInfo.InvariantCulture)).ThenBy(row => row.ElementAtOrDefault(1), StringComparer.Ordinal)];

    private void Needs(WriteDisposition write) => Assert.SkipUnless(Writes.Contains(write), $"it has no write: {write}");

    private static string Show(string? value) => value is null ? "no value" : $"\"{value}\"";
}
