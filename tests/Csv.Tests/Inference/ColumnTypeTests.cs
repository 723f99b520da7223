using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Csv.Tests.Inference;

public sealed class ColumnTypeTests
{
    [Theory]
    // Plain, or with a sign that a number would lose.
    [InlineData("1|-2|0", "INT64")]
    [InlineData("1|+2", "STRING")]
    [InlineData("1|02", "STRING")]
    [InlineData("-0.5|12.25", "NUMERIC")]
    [InlineData("12345678901234567890123456789.123456789", "NUMERIC")]
    [InlineData("123456789012345678901234567890.5", "BIGNUMERIC")]
    [InlineData("99999999999999999999", "STRING")]
    [InlineData("99999999999999999999|1.5", "NUMERIC")]
    [InlineData("999999999999999999999999999999|1.5", "BIGNUMERIC")]
    [InlineData("999999999999999999999999999999999999999|1.5", "STRING")]
    [InlineData("1e3|2.5", "FLOAT64")]
    [InlineData("1.7976931348623157E+308|5E-324", "FLOAT64")]
    [InlineData("1e-400", "STRING")]
    [InlineData("1.23456789012345678e5", "STRING")]
    [InlineData("1.2345678901234567E+20", "FLOAT64")]
    [InlineData("1e3|12345678901234567", "STRING")]
    // Commas: grouping or decimal, when a value proves it.
    [InlineData("1,234,567|12", "INT64 grouping=,")]
    [InlineData("1,234.50|12.25|7", "NUMERIC grouping=,")]
    [InlineData("12,5|1,234", "NUMERIC decimal=, grouping=.")]
    [InlineData("1.234,5|1.234|7", "NUMERIC decimal=, grouping=.")]
    [InlineData("0,125", "NUMERIC decimal=, grouping=.")]
    [InlineData("1,234|5,678|9", "STRING")]
    [InlineData("1,234,567|12,5", "STRING")]
    [InlineData("1,23,456", "STRING")]
    [InlineData("12,5|3.25", "STRING")]
    [InlineData("1.234|5.678", "NUMERIC")]
    [InlineData("1.234.567|8", "INT64 decimal=, grouping=.")]
    // Signs that a number would lose.
    [InlineData("$1,234.50|$7", "STRING")]
    [InlineData("12%|7.5%", "STRING")]
    [InlineData("１２|３", "STRING")]
    [InlineData("1 234 567", "STRING")]
    // Dates: an order only when a value proves it.
    [InlineData("2024-01-31|1999-12-01", "DATE")]
    [InlineData("2024-1-31|2024-01-31", "DATE yyyy-M-d")]
    [InlineData("2024/1/31|2024/01/31", "DATE")]
    [InlineData("1/2/2024|3/4/2024", "STRING")]
    [InlineData("1/2/2024|13/4/2024", "DATE d/M/yyyy")]
    [InlineData("1/2/2024|4/13/2024", "DATE M/d/yyyy")]
    [InlineData("13/2/2024|4/13/2024", "STRING")]
    [InlineData("31.12.2024|1.2.2025", "DATE d.M.yyyy")]
    [InlineData("31-12-2024|01-02-2025", "DATE d-M-yyyy")]
    [InlineData("2024.12.31|2025.1.2", "DATE yyyy.M.d")]
    [InlineData("1/2/2024|1-2-2024", "STRING")]
    [InlineData("31 Jan 2024|1 February 2024", "DATE d MMM yyyy")]
    [InlineData("31-JAN-2024", "DATE d-MMM-yyyy")]
    [InlineData("Jan 31, 2024|May 1, 2024", "DATE MMM d, yyyy")]
    [InlineData("2024年12月20日|2024年1月2日", "DATE yyyy年M月d日")]
    [InlineData("２０２４年１２月２０日", "DATE yyyy年M月d日")]
    [InlineData("２０２４/１２/２０", "DATE yyyy/M/d")]
    [InlineData("令和6年12月20日|令和元年5月1日|昭和64年1月7日", "DATE ggy年M月d日")]
    [InlineData("R6.12.20", "STRING")]
    [InlineData("13/01/24", "STRING")]
    [InlineData("20241231", "INT64")]
    [InlineData("31/02/2024|13/01/2024", "STRING")]
    [InlineData("13/01/2024 9:05|1/2/2024 10:00", "DATETIME d/M/yyyy H:mm")]
    [InlineData("13/01/2024 9:05:01|1/2/2024 10:00:00", "DATETIME d/M/yyyy H:mm:ss")]
    [InlineData("13/01/2024 9:05:01|1/2/2024 10:00:00.5", "DATETIME d/M/yyyy H:mm:ss.FFFFFF")]
    [InlineData("13/01/2024 9:05|1/2/2024 10:00:00", "STRING")]
    [InlineData("1/31/2024 5:30 PM", "DATETIME M/d/yyyy h:mm tt")]
    [InlineData("31/1/2024 17:30:00 +09:00", "TIMESTAMP d/M/yyyy H:mm:sszzz")]
    [InlineData("2024年12月20日 10時5分", "DATETIME yyyy年M月d日 H時m分")]
    // Words.
    [InlineData("yes|no", "STRING")]
    [InlineData("1|N/A", "STRING")]
    [InlineData("May|June", "STRING")]
    public async Task NothingIsGuessedAndNothingIsLost(string values, string expected)
    {
        var column = (await InferAsync(values)).Schema.Columns[1];
        var format = column.Format is not { } f ? "" : f.Pattern is { } pattern ? " " + pattern : (f.Decimal is { } point ? $" decimal={point}" : "") + $" grouping={f.Grouping}";
        Assert.Equal(expected, column.Type.SqlName() + format);
    }

    [Theory]
    [InlineData("1/2/2024", "format: \"d/M/yyyy\" # or \"M/d/yyyy\"")]
    [InlineData("1,234", "grouping: \",\" # or decimal: \",\"")]
    [InlineData("12%", "strip: [\"%\"]")]
    [InlineData("¥1,200|¥80", "strip: [\"¥\"]")]
    [InlineData("はい|いいえ", "type: BOOL, true: [\"はい\"], false: [\"いいえ\"]")]
    [InlineData("12|N/A", "type: INT64, null: [\"N/A\"]")]
    [InlineData("R6.12.20", "format: ggy.M.d")]
    [InlineData("20241231|20240101", "type: DATE, format: yyyyMMdd")]
    public async Task WhatMayBeDeclaredInsteadIsSaid(string values, string declaration)
    {
        var hint = (await InferAsync(values)).Findings[1].Hint!;
        Assert.Contains(declaration, $"{hint.Keys} # {hint.Remark}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheValueThatDecidedIsNamedWithItsLine()
    {
        var finding = (await InferAsync("1/2/2024|13/4/2024|14/4/2024")).Findings[1];
        Assert.Equal((3, 0, new ColumnExample("13/4/2024", "s3://bucket/a.csv", "line 3")), (finding.Values, finding.Empty, finding.Example));
    }

    [Fact]
    public async Task NotesNeverHoldAValue()
    {
        var proposal = await InferAsync("1234|secret5");
        Assert.Contains(proposal.Notes, n => n.Contains("line 3", StringComparison.Ordinal));
        Assert.DoesNotContain(proposal.Notes, n => n.Contains("secret", StringComparison.Ordinal));
    }

    private static Task<SchemaProposal> InferAsync(string values) =>
        Csv.InferAsync(Encoding.UTF8.GetBytes("k\tv\n" + string.Concat(values.Split('|').Select(v => $"x\t{v}\n"))), new CsvOptions { Header = true, Delimiter = "tab", Encoding = "utf-8" });
}
