using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Engine;

public sealed class PassthroughTests
{
    [Fact]
    public void AColumnInAFormatOfItsOwnIsRefused()
    {
        var column = new Column("day", ColumnType.Date) { Format = new ColumnFormat { Pattern = "d/M/yyyy" } };
        Assert.Equal("a.csv", Passthrough.CommonDialect(Pipeline(), Proposal(column with { Format = null })).Uri);
        var error = Assert.Throws<DataException>(() => Passthrough.CommonDialect(Pipeline(), Proposal(column)));
        Assert.Contains("day is DATE in a format of its own (d/M/yyyy)", error.Message, StringComparison.Ordinal);
    }

    private static SchemaProposal Proposal(Column column) => new(new TableSchema([column]), [new ObjectDialect("a.csv", null, "utf-8", ",", "\"", 1, [column.Name])], []);

    private static Pipeline Pipeline()
    {
        var staging = new MemoryStagingSink();
        return new Pipeline
        {
            Name = "p",
            Source = new MemorySource(),
            Parser = new LineParser(),
            Transforms = [],
            Staging = staging,
            Loads = [new MemoryLoadSink(staging)],
            State = new MemoryStateStore(),
            Encoders = _ => new LineEncoder(),
            Rejects = RejectLimit.None,
            OptionsDigest = "o",
            SinksDigest = "s",
            Time = TimeProvider.System,
        };
    }
}
