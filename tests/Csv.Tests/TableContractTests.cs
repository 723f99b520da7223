using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.TestSupport;

namespace Etl.Csv.Tests;

/// <summary>What happens when the data is not as the table is.</summary>
public sealed class TableContractTests
{
    private static readonly TargetColumn Id = Whole("id");
    private static readonly TargetColumn Amount = Whole("amount");
    private static readonly TargetColumn Note = new("note", "STRING", [ColumnType.String], [], false);
    private readonly PipelineBuilder pipeline = new() { Encoder = new RowEncoder(), Rejects = RejectLimit.Parse("50%", null) };

    [Fact]
    public async Task ReorderedColumnsOfAnotherCaseAreThoseOfTheTable()
    {
        var summary = await RunAsync("NOTE,Amount,ID\na,5,1\n", new CsvOptions { Contract = SchemaContract.Freeze }, Id, Amount, Note);

        Assert.Equal(["note", "amount", "id"], Names(summary));
        Assert.Equal(["a|5|1"], pipeline.Load.Rows);
        Assert.Empty(Differences(summary));
    }

    [Theory]
    [InlineData(SchemaContract.Evolve)]
    [InlineData(SchemaContract.Freeze)]
    [InlineData(SchemaContract.DiscardColumn)]
    [InlineData(SchemaContract.DiscardRow)]
    public async Task AMissingColumnIsLoadedWithoutAValueUnderEveryContract(SchemaContract contract)
    {
        var summary = await RunAsync("id\n1\n", new CsvOptions { Contract = contract }, Id, Amount);

        Assert.Equal(("amount", ColumnDifferenceKind.Missing), Only(summary));
        Assert.Equal(["1"], pipeline.Load.Rows);
    }

    [Theory]
    [InlineData(SchemaContract.Evolve)]
    [InlineData(SchemaContract.Freeze)]
    [InlineData(SchemaContract.DiscardRow)]
    public async Task AMissingRequiredColumnIsRefused(SchemaContract contract)
    {
        var error = await Assert.ThrowsAsync<DataException>(() => RunAsync("id\n1\n", new CsvOptions { Contract = contract }, Id, Amount with { Required = true }));

        Assert.Contains("amount must have a value in memory.table", error.Message, StringComparison.Ordinal);
        Assert.Empty(pipeline.Staging.Files);
    }

    [Fact]
    public async Task ANewColumnIsAdded()
    {
        var summary = await RunAsync("id,note\n1,a\n", new CsvOptions(), Id);

        Assert.Equal(("note", ColumnDifferenceKind.Added), Only(summary));
        Assert.Equal(["1|a"], pipeline.Load.Rows);
    }

    [Fact]
    public async Task WithFreezeEveryDifferenceIsSaidAndNothingIsStaged()
    {
        var error = await Assert.ThrowsAsync<DataException>(() => RunAsync("id,amount,note\n1,secret,a\n2,5,b\n", new CsvOptions { Contract = SchemaContract.Freeze }, Id, Amount));

        Assert.Contains("amount is INT64 in memory.table and STRING in the data", error.Message, StringComparison.Ordinal);
        Assert.Contains("line 2 of memory://a.csv", error.Message, StringComparison.Ordinal);
        Assert.Contains("note, STRING, is not in memory.table", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Empty(pipeline.Staging.Files);
    }

    [Fact]
    public async Task WithDiscardColumnANewColumnIsLeftOutAndItsValuesAreCounted()
    {
        var summary = await RunAsync("id,note\n1,a\n2,\n3,c\n", new CsvOptions { Contract = SchemaContract.DiscardColumn }, Id);

        Assert.Equal(("note", ColumnDifferenceKind.Discarded), Only(summary));
        Assert.Equal(["1", "2", "3"], pipeline.Load.Rows);
        Assert.Equal(2, Assert.Single(summary.Receipts).Discarded!["note"]);
        Assert.Contains(summary.Notes, n => n.Contains("note is not in memory.table, and is left out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithDiscardRowARowWithAValueInANewColumnIsRejected()
    {
        var summary = await RunAsync("id,note\n1,a\n2,\n3,\n", new CsvOptions { Contract = SchemaContract.DiscardRow }, Id);

        Assert.Equal(["2", "3"], pipeline.Load.Rows);
        Assert.Equal(new RowCounts(3, 2, 1, 0), summary.Rows);
        Assert.Contains("\"kind\":\"unknown-column\"", DeadLetters(), StringComparison.Ordinal);
        Assert.Contains("\"column\":\"note\",\"value\":\"a\"", DeadLetters(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.5", ColumnType.Numeric)]
    [InlineData("12345678901234567890123456789012345.5", ColumnType.BigNumeric)]
    [InlineData("1e3", ColumnType.Float64)]
    public async Task ATypeThatTheTableCanWidenToIsWidened(string value, ColumnType type)
    {
        var summary = await RunAsync($"id,amount\n1,{value}\n2,7\n", new CsvOptions(), Id, Amount);

        Assert.Equal(("amount", ColumnDifferenceKind.Widened), Only(summary));
        Assert.Equal(("INT64", type.SqlName()), (Differences(summary)[0].Before, Differences(summary)[0].After));
        Assert.Equal(type, summary.Run!.Schema.Columns[1].Type);
    }

    [Fact]
    public async Task ATypeThatTheTableCannotTakeGoesToANewVersionOfTheColumn()
    {
        var summary = await RunAsync("id,amount\n1,5\n2,unknown\n", new CsvOptions(), Id, Amount);

        Assert.Equal(("amount__v2", ColumnDifferenceKind.Versioned), Only(summary));
        Assert.Equal("amount", Differences(summary)[0].VersionOf);
        Assert.Equal(["id", "amount__v2"], Names(summary));
        Assert.Equal(["1|5", "2|unknown"], pipeline.Load.Rows);
        Assert.Contains(summary.Notes, n => n.Contains("COALESCE(CAST(amount AS STRING), CAST(amount__v2 AS STRING))", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("5", "amount__v2")]
    [InlineData("x", "amount__v2")]
    public async Task LaterValuesGoToTheNewestVersionThatTakesThem(string value, string name)
    {
        var summary = await RunAsync($"id,amount\n1,{value}\n", new CsvOptions { Contract = SchemaContract.Freeze }, Id, Amount, new TargetColumn("amount__v2", "STRING", [ColumnType.String], [], false));

        Assert.Equal(["id", name], Names(summary));
        Assert.Empty(Differences(summary));
    }

    [Fact]
    public async Task AColumnOfTheDataThatIsCalledLikeAVersionIsNone()
    {
        var summary = await RunAsync("amount,amount__v2\nx,y\n", new CsvOptions(), Amount, new TargetColumn("amount__v2", "STRING", [ColumnType.String], [], false));

        Assert.Equal(["amount__v3", "amount__v2"], Names(summary));
        Assert.Equal(["x|y"], pipeline.Load.Rows);
    }

    [Theory]
    [InlineData(SchemaContract.DiscardRow)]
    [InlineData(SchemaContract.DiscardColumn)]
    public async Task AContractThatKeepsTheTableRejectsTheRowsThatDoNotFit(SchemaContract contract)
    {
        var summary = await RunAsync("id,amount\n1,5\n2,unknown\n3,\n", new CsvOptions { Contract = contract }, Id, Amount);

        Assert.Equal(("amount", ColumnDifferenceKind.Kept), Only(summary));
        Assert.Equal(["1|5", "3|NULL"], pipeline.Load.Rows);
        Assert.Contains("\"kind\":\"type\"", DeadLetters(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,5\n", "INT64", "NUMERIC", ColumnType.Numeric)] // narrower than the table
    [InlineData("1,\n", "STRING", "INT64", ColumnType.Int64)] // no value at all
    [InlineData("1,5\n", "INT64", "STRING", ColumnType.String)]
    public async Task DataThatTheTablesTypeTakesIsReadAsThat(string rows, string today, string table, ColumnType type)
    {
        var summary = await RunAsync($"id,amount\n{rows}", new CsvOptions { Contract = SchemaContract.Freeze }, Id, new TargetColumn("amount", table, [type], [], false));

        Assert.True(type.SqlName() != today);
        Assert.Empty(Differences(summary));
        Assert.Equal(type, summary.Run!.Schema.Columns[1].Type);
    }

    [Fact]
    public async Task AColumnsOwnContractComesFirst()
    {
        var options = new CsvOptions
        {
            Contract = SchemaContract.Freeze,
            Schema = CsvSchemaMode.Infer,
            Columns = [new CsvColumnOptions { Name = "note", Type = ColumnType.String, Contract = SchemaContract.Evolve }, new CsvColumnOptions { Name = "internal", Type = ColumnType.String, Contract = SchemaContract.DiscardColumn }],
        };

        var summary = await RunAsync("id,note,internal\n1,a,b\n", options, Id);

        Assert.Equal(["note Added", "internal Discarded"], Differences(summary).Select(d => $"{d.Name} {d.Kind}"));
        Assert.Equal(["1|a"], pipeline.Load.Rows);
    }

    [Fact]
    public async Task ARequiredColumnIsRelaxedOnlyWhenAValueIsMissing()
    {
        var required = Amount with { Required = true };
        Assert.Empty(Differences(await RunAsync("id,amount\n1,5\n", new CsvOptions(), Id, required)));

        pipeline.Source.Put("b.csv", "id,amount\n2,\n");
        var relaxed = await pipeline.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("amount", ColumnDifferenceKind.Relaxed), Only(relaxed));
        Assert.Equal(["1|5", "2|NULL"], pipeline.Load.Rows);
    }

    [Fact]
    public async Task WithFreezeARowWithoutARequiredValueIsADifference()
    {
        var error = await Assert.ThrowsAsync<DataException>(() => RunAsync("id,amount\n1,\n", new CsvOptions { Contract = SchemaContract.Freeze }, Id, Amount with { Required = true }));

        Assert.Contains("amount must have a value in memory.table", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithDiscardRowARowWithoutARequiredValueIsRejected()
    {
        await RunAsync("id,amount\n1,\n2,5\n", new CsvOptions { Contract = SchemaContract.DiscardRow }, Id, Amount with { Required = true });

        Assert.Equal(["2|5"], pipeline.Load.Rows);
        Assert.Contains("\"kind\":\"required\"", DeadLetters(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADeclaredSchemaIsAContractToo()
    {
        var declared = new CsvOptions { Columns = [new CsvColumnOptions { Name = "id", Type = ColumnType.Int64 }] };

        await Assert.ThrowsAsync<DataException>(() => RunAsync("id,note\n1,a\n2,\n", declared, Id));
        Assert.Equal(1, Assert.Single((await RunAsync("id,note\n1,a\n2,\n", declared with { Contract = SchemaContract.DiscardColumn }, Id)).Receipts).Discarded!["note"]);

        pipeline.Load.Rows.Clear();
        pipeline.Source.Put("b.csv", "id,note\n3,a\n4,\n");
        pipeline.Parser = new CsvParser(declared with { Contract = SchemaContract.DiscardRow });
        await pipeline.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["4"], pipeline.Load.Rows);
    }

    [Fact]
    public async Task AColumnThatNoSampledObjectHasIsFoundWhenItsObjectIsRead()
    {
        for (var i = 0; i < 200; i++) pipeline.Source.Put($"{i:D3}.csv", i == 100 ? "id,note\n100,here\n" : $"id\n{i}\n");
        pipeline.Parser = new CsvParser(new CsvOptions());

        var summary = await pipeline.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["id", "note"], Names(summary));
        Assert.Contains("100|here", pipeline.Load.Rows);
        Assert.Equal(200, pipeline.Load.Rows.Count);
        Assert.Contains(summary.Notes, n => n.Contains("100.csv has the column note", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AColumnIsFollowedThroughTransforms()
    {
        pipeline.Transforms.Add(new Core.Transforms.SelectTransform(new() { Drop = ["note"], Rename = new Dictionary<string, string> { ["amt"] = "amount" } }));

        var summary = await RunAsync("id,amt,note\n1,5,a\n2,unknown,b\n", new CsvOptions { Contract = SchemaContract.DiscardRow }, Id, Amount);

        Assert.Equal(("amount", ColumnDifferenceKind.Kept), Only(summary));
        Assert.Equal(["1|5"], pipeline.Load.Rows);
    }

    [Fact]
    public async Task AColumnThatATransformMakesIsUnderThePipelinesContract()
    {
        pipeline.Transforms.Add(new Adding());

        var error = await Assert.ThrowsAsync<DataException>(() => RunAsync("id\n1\n", new CsvOptions { Contract = SchemaContract.Freeze }, Id));
        Assert.Contains("made, STRING, is not in memory.table", error.Message, StringComparison.Ordinal);

        Assert.Equal(("made", ColumnDifferenceKind.Discarded), Only(await RunAsync("id\n1\n", new CsvOptions { Contract = SchemaContract.DiscardColumn }, Id)));
        Assert.Equal(["1"], pipeline.Load.Rows);
    }

    [Fact]
    public async Task AColumnThatIsRedactedCannotBeRequired()
    {
        pipeline.Transforms.Add(new Core.Transforms.MaskTransform(new() { Columns = ["note"], With = Core.Transforms.MaskMethod.Redact }));

        var summary = await RunAsync("id,note\n1,a\n", new CsvOptions(), Id, Note with { Required = true });

        Assert.Equal(("note", ColumnDifferenceKind.Relaxed), Only(summary));
        Assert.Equal(["1|NULL"], pipeline.Load.Rows);
    }

    [Fact]
    public async Task TwoTablesThatDifferGetOneSchemaThatFitsBoth()
    {
        var other = new MemoryLoadSink(pipeline.Staging) { Columns = [Id, new TargetColumn("amount", "NUMERIC", [ColumnType.Numeric], [], false)] };
        pipeline.OtherLoads.Add(other);

        var summary = await RunAsync("id,amount\n1,5\n", new CsvOptions(), Id, Amount);

        Assert.Equal(ColumnType.Numeric, summary.Run!.Schema.Columns[1].Type);
        Assert.Equal(("amount", ColumnDifferenceKind.Widened), Only(summary));
        Assert.Single(other.Rows);
    }

    [Fact]
    public async Task ATableThatIsReplacedTakesTheDatasColumnsUnlessItIsFrozen()
    {
        pipeline.Load.Write = WriteDisposition.Replace;
        var summary = await RunAsync("id,amount\n1,x\n", new CsvOptions(), Id, Amount, Note);
        Assert.Equal(["amount Replaced", "note Removed"], Differences(summary).Select(d => $"{d.Name} {d.Kind}"));

        var error = await Assert.ThrowsAsync<DataException>(() => RunAsync("id,amount\n1,5\n", new CsvOptions { Contract = SchemaContract.Freeze }, Id, Amount, Note));
        Assert.Contains("write: replace would remove it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheStateRemembersWhichRunChangedWhatAndNoMoreThanItsBound()
    {
        for (var i = 0; i < Core.State.SchemaHistory.MostChanges + 3; i++)
        {
            pipeline.Source.Put($"{i:D3}.csv", $"id,c{i}\n{i},1\n");
            pipeline.Parser = new CsvParser(new CsvOptions());
            pipeline.Load.Columns = [Id];
            await pipeline.RunAsync(TestContext.Current.CancellationToken);
        }

        var status = await Core.Engine.PipelineStatus.ReadAsync(pipeline.Build(), TestContext.Current.CancellationToken);
        Assert.Equal(Core.State.SchemaHistory.MostChanges, status.State.SchemaChanges.Count);
        Assert.Equal((status.State.LastRun, "c42"), (status.State.SchemaChanges[^1].Run, Assert.Single(status.State.SchemaChanges[^1].Columns).Name));
    }

    [Fact]
    public async Task ARunWhoseLoadBrokeAfterItsTableWasChangedEndsInTheSameColumns()
    {
        pipeline.Load.AfterLoad = () => throw new ServiceException("the connection broke", transient: false);
        await Assert.ThrowsAsync<ServiceException>(() => RunAsync("id,amount\n1,x\n", new CsvOptions(), Id, Amount));
        pipeline.Load.AfterLoad = null;
        pipeline.Load.Columns = [Id, Amount, new TargetColumn("amount__v2", "STRING", [ColumnType.String], [], false)];

        var summary = await pipeline.RunAsync(TestContext.Current.CancellationToken);

        Assert.True(summary.Resumed);
        Assert.Equal(["id", "amount__v2"], Names(summary));
        Assert.Equal(["1|x"], pipeline.Load.Rows);
        Assert.Equal("amount__v2", Assert.Single(Differences(summary)).Name);
    }

    private sealed class Adding : ITransform
    {
        public BoundTransform Bind(TableSchema input)
        {
            var output = new TableSchema([.. input.Columns, new Column("made", ColumnType.String)]);
            return new BoundTransform(output, batch => new Apache.Arrow.RecordBatch(output.ToArrow(), [.. batch.Arrays, new Apache.Arrow.StringArray.Builder().AppendRange(Enumerable.Repeat("m", batch.Length)).Build()], batch.Length));
        }
    }

    private static TargetColumn Whole(string name) => new(name, "INT64", [ColumnType.Int64], [ColumnType.Numeric, ColumnType.BigNumeric, ColumnType.Float64], false);

    private async Task<RunSummary> RunAsync(string csv, CsvOptions options, params TargetColumn[] table)
    {
        pipeline.Source.Put("a.csv", csv);
        pipeline.Parser = new CsvParser(options);
        pipeline.Load.Columns = table;
        return await pipeline.RunAsync(TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> Names(RunSummary summary) => summary.Run!.Schema.Columns.Select(c => c.Name);

    private static IReadOnlyList<ColumnDifference> Differences(RunSummary summary) => summary.Run!.Differences?[0].Columns ?? [];

    private static (string, ColumnDifferenceKind) Only(RunSummary summary) => Assert.Single(Differences(summary)) is var only ? (only.Name, only.Kind) : default;

    private string DeadLetters() => string.Concat(pipeline.State.Names.Where(n => n.Contains("dead-letters", StringComparison.Ordinal)).Select(pipeline.State.Text));
}
