using System.ComponentModel.DataAnnotations;
using System.Text;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv;

namespace Etl.FixedWidth.Tests;

public sealed class InferenceTests
{
    private const string Table = "id   name          amount day\n   1 ann smith       1.50 2024-01-31\n  22 bob            20.00 2024-02-01\n";

    [Fact]
    public async Task ColumnsAreFoundByTheBlanksThatAllRecordsHave()
    {
        var options = new FixedWidthOptions { Header = true };
        var proposal = await Fixed.InferAsync(Encoding.UTF8.GetBytes(Table.Replace("ann smith", "ann_smith", StringComparison.Ordinal)), options);
        Assert.Equal([("id", ColumnType.Int64, 1), ("name", ColumnType.String, 6), ("amount", ColumnType.Numeric, 20), ("day", ColumnType.Date, 27)], proposal.Schema.Columns.Select(c => (c.Name, c.Type, c.SourcePosition!.Value)));
        Assert.Contains("they start at 1, 6, 20, 27", proposal.Notes[0], StringComparison.Ordinal);
        Assert.True(proposal.Dialects[0].Divisible);
        Assert.Equal(["1|ann_smith|1.5|2024-01-31", "22|bob|20|2024-02-01"], (await Fixed.ParseAsync(Table.Replace("ann smith", "ann_smith", StringComparison.Ordinal), options)).Rows);
    }

    [Fact]
    public async Task AValueThatStandsAcrossTwoFoundColumnsIsRejected()
    {
        var schema = (await Fixed.InferAsync("aa bb\ncc dd\n"u8.ToArray())).Schema;
        var parsed = await Fixed.ParseAsync("aa bb\naaabbb\n"u8.ToArray(), schema: schema);
        Assert.Equal(["aa|bb"], parsed.Rows);
        Assert.Equal(("boundary", "column_2"), (parsed.Rejects[0].Kind, parsed.Rejects[0].Column));
    }

    [Fact]
    public async Task DeclaredColumnsWithoutATypeAreTypedFromTheSamples()
    {
        var options = new FixedWidthOptions { Columns = [Fixed.Column("a", 4), Fixed.Column("b", 3), Fixed.Column("c", 3, ColumnType.String)], Null = ["-"] };
        var bytes = "0012  1  7\n0013  -  8\n"u8.ToArray();
        var proposal = await Fixed.InferAsync(bytes, options);
        Assert.Equal([ColumnType.String, ColumnType.Int64, ColumnType.String], proposal.Schema.Columns.Select(c => c.Type));
        Assert.Equal(["a", "b"], proposal.Inferred.Order());
        Assert.Equal(["b"], proposal.Gaps);
        Assert.Equal(["0012|1|7", "0013|NULL|8"], (await Fixed.ParseAsync(bytes, options)).Rows);
        Assert.All((await Fixed.InferAsync(bytes, options with { Schema = UntypedColumns.Strings })).Schema.Columns, c => Assert.Equal(ColumnType.String, c.Type));
    }

    [Fact]
    public async Task ATypeThatTheSampleMisleadAboutIsAGuess()
    {
        var options = new FixedWidthOptions { Columns = [Fixed.Column("a", 4)] };
        var schema = (await Fixed.InferAsync("   1\n   2\n   "u8.ToArray(), options, complete: false)).Schema;
        Assert.True(schema.Columns[0].IsGuess);
        var broken = await Assert.ThrowsAsync<SchemaBrokenException>(() => Fixed.ParseAsync("   1\n   x\n"u8.ToArray(), options, schema));
        Assert.Equal((2, "a"), ((int)broken.Line, broken.Column));
    }

    [Fact]
    public async Task AnEmptyObjectShowsNoColumns() => await Assert.ThrowsAsync<NothingToInferException>(() => Fixed.InferAsync([]));

    [Fact]
    public async Task WhereRecordsHaveNoLineEndsObjectsAreNotDivided()
    {
        var options = new FixedWidthOptions { Columns = [Fixed.Column("a", 2)], RecordLength = 2 };
        Assert.False((await Fixed.InferAsync("1 2 3 "u8.ToArray(), options)).Dialects[0].Divisible);
        Assert.True((await Fixed.InferAsync("1 \n2 \n"u8.ToArray(), options)).Dialects[0].Divisible);
        Assert.False((await Fixed.InferAsync("1 \n2 \n"u8.ToArray(), options with { SkipLastLines = 1 })).Dialects[0].Divisible);
        Assert.Contains("skip_prefixes", (await Assert.ThrowsAsync<DataException>(() => Fixed.InferAsync("1 2 3 "u8.ToArray(), options with { SkipLastLines = 1 }))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a format needs a type")]
    [InlineData("starts after the record's end")]
    [InlineData("2 columns are called")]
    [InlineData("an empty prefix")]
    public void ContradictionsAreErrors(string why)
    {
        var options = new FixedWidthOptions { RecordLength = 3, Columns = [Fixed.Column("a", 3), Fixed.Column("A", 3)], SkipPrefixes = [""] };
        var column = new FixedColumnOptions { Name = "a", Width = 3, Format = "yyyy" };
        var found = options.Validate(new ValidationContext(options)).Concat(column.Validate(new ValidationContext(column)));
        Assert.Contains(found, f => f.ErrorMessage!.Contains(why, StringComparison.Ordinal));
    }
}
