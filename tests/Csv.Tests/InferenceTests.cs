using System.Text;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Csv.Tests;

public sealed class InferenceTests
{
    [Theory]
    [InlineData("1 2 3", ColumnType.Int64)]
    [InlineData("-9223372036854775808 9223372036854775807", ColumnType.Int64)]
    [InlineData("9223372036854775808 1", ColumnType.String)]
    [InlineData("1 2.5", ColumnType.Numeric)]
    [InlineData("1.0000000001 2", ColumnType.BigNumeric)]
    [InlineData("0.000000000000000000000000000000000000001", ColumnType.String)]
    [InlineData("1e5 2", ColumnType.Float64)]
    [InlineData("1e5 9007199254740993", ColumnType.String)]
    [InlineData("007 12", ColumnType.String)]
    [InlineData("+81 12", ColumnType.String)]
    [InlineData("true False", ColumnType.Bool)]
    [InlineData("yes no", ColumnType.String)]
    [InlineData("0 true", ColumnType.String)]
    [InlineData("2024-01-31 1999-12-01", ColumnType.Date)]
    [InlineData("2024/01/31 2024/2/1", ColumnType.Date)]
    [InlineData("2024/01/31 2024-01-31", ColumnType.String)]
    [InlineData("2023-02-29", ColumnType.String)]
    [InlineData("2024-01-31T10:00:00 2024-01-31T10:00", ColumnType.DateTime)]
    [InlineData("2024-01-31T10:00:00Z 2024-01-31T10:00:00+09:00", ColumnType.Timestamp)]
    [InlineData("2024-01-31T10:00:00Z 2024-01-31T10:00:00", ColumnType.String)]
    [InlineData("2024-01-31 2024-01-31T10:00:00", ColumnType.String)]
    [InlineData("10:00 23:59:59.5", ColumnType.Time)]
    [InlineData("24:00", ColumnType.String)]
    [InlineData("01/02/2024", ColumnType.String)]
    [InlineData("NaN 1.5", ColumnType.String)]
    public async Task TypesAreNarrowAndCareful(string values, ColumnType type)
    {
        var text = "k,v\n" + string.Concat(values.Split(' ').Select(v => $"x,{v}\n"));
        Assert.Equal(type, (await Csv.InferAsync(Encoding.UTF8.GetBytes(text), new CsvOptions { Header = true })).Schema.Columns[1].Type);
    }

    [Fact]
    public async Task ObjectsAreUnitedByNameAndTypesWiden()
    {
        var proposal = await Csv.InferAsync("id,a\n1,2\n", "A,b,id\n2.5,x,9\n", "id,a\n", "");
        Assert.Equal(Csv.Schema(("id", ColumnType.Int64), ("a", ColumnType.Numeric), ("b", ColumnType.String)), proposal.Schema);
        Assert.Equal(["id a", "A b id", "id a", ""], proposal.Dialects.Select(d => string.Join(' ', d.Columns)));
        Assert.All(proposal.Schema.Columns, c => Assert.True(c.Nullable));
    }

    [Fact]
    public async Task NamesAreMadeLegalAndTheOriginalIsKept()
    {
        var proposal = await Csv.InferAsync("Order ID,注文日,2nd,a,A,,_TABLE_x,x%\nq,w,e,r,t,y,u,i\n");
        Assert.Equal(["Order_ID", "注文日", "_2nd", "a", "A_2", "column_6", "column_TABLE_x", "x"], proposal.Schema.Columns.Select(c => c.Name));
        Assert.Equal(["Order ID", null, "2nd", null, "A", null, "_TABLE_x", "x%"], proposal.Schema.Columns.Select(c => c.SourceName));
    }

    [Fact]
    public async Task ColumnsOfTheSameNameKeepTheirOwnValues()
    {
        var parsed = await Csv.ParseAsync("a,b,a,Order ID\n1,2,3,x\n");
        Assert.Equal([["1", "2", "3", "x"]], parsed.Rows);
    }

    [Fact]
    public async Task ANoteNamesTheLineThatMadeAColumnText()
    {
        var proposal = await Csv.InferAsync("k,zip\na,12345\nb,00501\nc,99999\n");
        Assert.Contains("zip is STRING: 2 of 3 values are a whole number, but 1 is a number with a leading zero (line 3 of s3://bucket/0.csv).", proposal.Notes);
    }

    [Fact]
    public async Task ANoteNamesTheValueThatIsNoNumberNotADecimalAmongWholeNumbers()
    {
        var proposal = await Csv.InferAsync("k,amount\na,750\nb,about 800\nc,99.90\n");
        Assert.Contains("amount is STRING: 2 of 3 values are a number, but 1 is text (line 3 of s3://bucket/0.csv).", proposal.Notes);
    }

    [Fact]
    public async Task OnlyEmptyObjectsAreAnError()
    {
        var error = await Assert.ThrowsAsync<NothingToInferException>(() => Csv.InferAsync("", "\n\n"));
        Assert.Contains("s3://bucket/0.csv is empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACutSampleDoesNotMisleadTheTypes()
    {
        const string Text = "d,n\n2024-01-01,1.5\n2024-01-02,2.5\n2024-01-03,3.5\n";
        for (var length = 20; length < Text.Length; length++)
        {
            var proposal = await Csv.InferAsync(Encoding.UTF8.GetBytes(Text[..length]), complete: false);
            Assert.Equal([ColumnType.Date, ColumnType.Numeric], proposal.Schema.Columns.Select(c => c.Type));
        }
    }

    [Fact]
    public async Task DeclaredColumnsAreTakenAsTheyAre()
    {
        var options = new CsvOptions
        {
            Columns = [new() { Name = "id", Type = ColumnType.Int64, Nullable = false, Source = "Order ID" }, new() { Name = "at", Type = ColumnType.Date }],
        };
        var parsed = await Csv.ParseAsync(Encoding.UTF8.GetBytes("at,Order ID\n2024-01-01,7\n2024-01-02,\n"), options: options);
        Assert.Equal([["7", "2024-01-01"]], parsed.Rows);
        Assert.Equal("required", Assert.Single(parsed.Rejects).Kind);
    }

    [Fact]
    public async Task AnObjectWithoutAHeaderIsReadByPosition()
    {
        var parsed = await Csv.ParseAsync("1,x\n2,y\n");
        Assert.Equal(["column_1", "column_2"], parsed.Schema.Columns.Select(c => c.Name));
        Assert.Equal([["1", "x"], ["2", "y"]], parsed.Rows);
    }

    [Fact]
    public async Task ADeclaredColumnIsAnExceptionToWhatIsInferred()
    {
        var options = new CsvOptions { Schema = CsvSchemaMode.Infer, Columns = [new() { Name = "code", Type = ColumnType.String }] };
        var parsed = await Csv.ParseAsync(Encoding.UTF8.GetBytes("code,n\n1,2\n"), options: options);
        Assert.Equal([ColumnType.String, ColumnType.Int64], parsed.Schema.Columns.Select(c => c.Type));
        Assert.Equal([["1", "2"]], parsed.Rows);
    }

    [Fact]
    public async Task AnAllTextObjectTakesItsHeaderFromItsFellows()
    {
        var proposal = await Csv.InferAsync("name,city\nann,rome\nbob,oslo\n", "name,city\nname,city\n");
        Assert.Equal(["name", "city"], proposal.Schema.Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task WhereTheFirstRowIsLongerThanTheSampleColumnsAreStringAndANoteSaysWhy()
    {
        var cut = await Csv.InferAsync(Encoding.UTF8.GetBytes("id,text\n1," + new string('x', 100_000)), complete: false);
        Assert.Equal([ColumnType.String, ColumnType.String], cut.Schema.Columns.Select(c => c.Type));
        Assert.Contains("The first row of s3://bucket/a.csv is longer than the sample", Assert.Single(cut.Notes), StringComparison.Ordinal);
        Assert.Contains("holds a header and no rows", (await Assert.ThrowsAsync<DataException>(() => Csv.InferAsync("id,text\n"u8.ToArray()))).Message, StringComparison.Ordinal);
    }
}
