namespace Etl.Csv.Tests.Dialects;

/// <summary>Where a table starts and what its columns are called.</summary>
public sealed class TableLayoutTests
{
    [Fact]
    public async Task APreambleThatIsPaddedToTheTablesWidthIsSkipped()
    {
        var parsed = await Csv.ParseAsync("Report,,,\n,,,\nid,day,name,qty\n1,2024-01-31,a,2\n2,2024-02-29,b,3\n3,2024-03-31,c,4\n");
        Assert.Equal(["id", "day", "name", "qty"], parsed.Schema.Columns.Select(c => c.Name));
        Assert.Equal(3, parsed.Rows.Count);
    }

    [Fact]
    public async Task LinesOfKeyAndValueBeforeTheTableAreSkipped()
    {
        var parsed = await Csv.ParseAsync("Author:,Ann,,,\nPrinted:,2024-04-01,,,\nid,day,name,qty,unit\n1,2024-01-31,a,2,kg\n2,2024-02-29,b,3,g\n3,2024-03-31,c,4,kg\n");
        Assert.Equal(["id", "day", "name", "qty", "unit"], parsed.Schema.Columns.Select(c => c.Name));
    }

    [Theory]
    [InlineData("#")]
    [InlineData("//")]
    public async Task CommentLinesAreNoRowsWhereverTheyStand(string comment)
    {
        var parsed = await Csv.ParseAsync($"{comment} made by a program, which says so\nid,name,qty\n1,a,2\n{comment} half of it\n2,b,3\n3,c,4\n");
        Assert.Equal([["1", "a", "2"], ["2", "b", "3"], ["3", "c", "4"]], parsed.Rows);
        Assert.Empty(parsed.Rejects);
    }

    [Fact]
    public async Task AHeaderThatStartsWithACommentSignIsAHeader()
    {
        var parsed = await Csv.ParseAsync("# energy,n\n0.0,0.5\n0.1,0.25\n0.2,0.75\n");
        Assert.Equal(["# energy", "n"], parsed.Schema.Columns.Select(c => c.SourceName ?? c.Name));
        Assert.Equal(3, parsed.Rows.Count);
    }

    [Fact]
    public async Task AHashThatStartsValuesIsNoComment()
    {
        var parsed = await Csv.ParseAsync("color,qty\n#fff,1\n#000,2\n#abc,3\n");
        Assert.Equal(["#fff", "#000", "#abc"], parsed.Rows.Select(r => r[0]));
    }

    [Fact]
    public async Task TheRowsOfAHeaderAreJoinedAndANameOverSeveralColumnsStandsForEach()
    {
        var parsed = await Csv.ParseAsync("region,sales,,stock,\n,2023,2024,mean,last\n".Replace("2023,2024", "before,after", StringComparison.Ordinal) + "north,1,2,3,4\nsouth,5,6,7,8\neast,9,10,11,12\n");
        Assert.Equal(["region", "sales before", "sales after", "stock mean", "stock last"], parsed.Schema.Columns.Select(c => c.SourceName ?? c.Name));
        Assert.Equal(3, parsed.Rows.Count);
    }

    [Fact]
    public async Task ARowWithOneOddValueIsNoSecondHeader()
    {
        var parsed = await Csv.ParseAsync("id,qty,price\n1,unknown,2.5\n2,3,4.5\n3,4,5.5\n4,5,6.5\n");
        Assert.Equal(4, parsed.Rows.Count);
    }

    [Fact]
    public async Task AHeaderIsToldFromRowsOfAnyCountrysValues()
    {
        var parsed = await Csv.ParseAsync("Datum;Betrag;Quote\n31.12.2024;1.250,50 €;12,5 %\n01.01.2025;99,00 €;7,0 %\n", options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(["Datum", "Betrag", "Quote"], parsed.Schema.Columns.Select(c => c.Name));
        var none = await Csv.ParseAsync("31.12.2024;1.250,50 €;12,5 %\n01.01.2025;99,00 €;7,0 %\n", options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(2, none.Rows.Count);
    }

    [Fact]
    public async Task AnEmptyNameTooManyInTheHeaderIsDropped()
    {
        var parsed = await Csv.ParseAsync("id,,day,qty\n1,2024-01-31,5\n2,2024-02-29,6\n3,2024-03-31,7\n");
        Assert.Equal(["id", "day", "qty"], parsed.Schema.Columns.Select(c => c.Name));
        Assert.Equal(3, parsed.Rows.Count);
    }

    [Fact]
    public async Task ColumnsBeyondTheHeaderGetANameUnlessTheyAreEmpty()
    {
        var more = await Csv.ParseAsync("id,qty\n1,5,x\n2,6,y\n3,7,z\n");
        Assert.Equal(["id", "qty", "column_3"], more.Schema.Columns.Select(c => c.Name));
        var trailing = await Csv.ParseAsync("id,qty\n1,5,\n2,6,\n3,7,\n");
        Assert.Equal(["id", "qty"], trailing.Schema.Columns.Select(c => c.Name));
        Assert.Equal(3, trailing.Rows.Count);
    }

    [Fact]
    public async Task AStatedHeaderIsOneRow()
    {
        var parsed = await Csv.ParseAsync("a,b\nc,d\n1,2\n3,4\n5,6\n7,8\n", options: new CsvOptions { Header = true, Schema = CsvSchemaMode.Strings });
        Assert.Equal(["c", "d"], parsed.Rows[0]);
        var two = await Csv.ParseAsync("a,b\nc,d\n1,2\n3,4\n5,6\n7,8\n", options: new CsvOptions { HeaderRows = 2 });
        Assert.Equal(["a c", "b d"], two.Schema.Columns.Select(c => c.SourceName ?? c.Name));
    }

    [Fact]
    public async Task TitlesOfOneCellAreSkippedThoughMostRowsAreSparse()
    {
        var parsed = await Csv.ParseAsync("The Department,,,\nTravel,,,\nname,from,to,cost\nAnn,none,,\nBob,none,,\nCid,Oslo,Rome,12\n");
        Assert.Equal(["name", "from", "to", "cost"], parsed.Schema.Columns.Select(c => c.Name));
        Assert.Equal(3, parsed.Rows.Count);
    }

    [Fact]
    public async Task ATitleOfOneCellThatDoesNotStandFirstIsSkipped()
    {
        var parsed = await Csv.ParseAsync(",,,\n,,\"The office of statistics, July\n\",\nid,day,name,qty\n1,2024-01-31,a,2\n2,2024-02-29,b,3\n");
        Assert.Equal(["id", "day", "name", "qty"], parsed.Schema.Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task WithTwoColumnsATitleIsTheOneBeforeAnEmptyRow()
    {
        var titled = await Csv.ParseAsync("Spending in May,\n,\nwhat,amount\nhotels,1.5\nrail,2.5\n");
        var sparse = await Csv.ParseAsync("what,\nhotels,dear\nrail,cheap\n");
        Assert.Equal(["what", "amount"], titled.Schema.Columns.Select(c => c.Name));
        Assert.Equal("what", sparse.Schema.Columns[0].Name);
    }

    [Fact]
    public async Task ALineWithMoreFieldsThanTheTableBeforeItsNamesIsSkipped()
    {
        var parsed = await Csv.ParseAsync("New data,made by Ann,on Wednesday,January 20\nwave,A\n4000.00,0.0066\n3999.00,0.0067\n3998.00,0.0068\n");
        Assert.Equal(["wave", "A"], parsed.Schema.Columns.Select(c => c.Name));
        Assert.Equal(3, parsed.Rows.Count);
    }

    [Fact]
    public async Task TheNamesMayStandInTheLastOfTheLinesThatLookLikeComments()
    {
        var parsed = await Csv.ParseAsync("#TYPE:,ALL\n#RANGE:,20 to 120\n##temp,time,strain\n21.5,0.88,5.6\n21.8,0.93,5.7\n22.1,0.98,5.8\n22.4,1.03,5.9\n");
        Assert.Equal(["##temp", "time", "strain"], parsed.Schema.Columns.Select(c => c.SourceName ?? c.Name));
        Assert.Equal(4, parsed.Rows.Count);
    }

    [Theory]
    [InlineData("k,amount\na,750\nb,about 800\nc,99.90\n", 3)]
    [InlineData("k,amount\na,unknown\nb,800\nc,99.90\n", 3)]
    [InlineData("id,amount,qty\n1,10,5\n2,none,few\n3,12,7\n4,13,7\n", 4)]
    public async Task ARowWithAnOddValueIsNoRowOfNames(string text, int rows)
    {
        var parsed = await Csv.ParseAsync(text);
        Assert.Equal(rows, parsed.Rows.Count);
    }

    [Fact]
    public async Task ASecondRowOfNamesFillsWhatTheFirstLeavesOpen()
    {
        var parsed = await Csv.ParseAsync("day,to,travel,,,total\n,,air,rail,taxi,\n2024-04-01,Oslo,,65.5,,65.5\n2024-04-02,Rome,,,16,16\n2024-04-03,Bonn,,64,26,90\n");
        Assert.Equal(["day", "to", "travel air", "travel rail", "travel taxi", "total"], parsed.Schema.Columns.Select(c => c.SourceName ?? c.Name));
        Assert.Equal(3, parsed.Rows.Count);
    }
}
