using Apache.Arrow;
using Apache.Arrow.Memory;
using Etl.Core.Connectors;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Sql.Tests;

public sealed class SqlTransformTests
{
    private static readonly TableSchema Schema = Batches.Schema(("id", ColumnType.Int64), ("name", ColumnType.String), ("note", ColumnType.String));

    [Fact]
    public async Task AQuerySelectsComputesAndFilters()
    {
        var bound = Bind("SELECT * EXCLUDE (note), upper(name) AS loud FROM input WHERE id > 1;");
        using var batch = bound.Apply(await Batches.OfAsync(Schema, "1,a,x\n2,b,y\n"));
        Assert.Equal(["id", "name", "loud"], bound.Output.Columns.Select(c => c.Name));
        Assert.Equal([["2", "b", "B"]], Batches.Rows(batch));
    }

    [Theory]
    [InlineData("SELECT name, count(*) AS n FROM input GROUP BY name", "aggregates")]
    [InlineData("SELECT DISTINCT name FROM input", "removes duplicates")]
    [InlineData("SELECT * FROM input ORDER BY id", "sorts")]
    [InlineData("SELECT * FROM input LIMIT 5", "some of the rows")]
    [InlineData("SELECT a.* FROM input a JOIN input b USING (id)", "joins")]
    [InlineData("SELECT * FROM input UNION ALL SELECT * FROM input", "puts rows together")]
    public void WhatNeedsMoreThanARowAtATimeIsRefusedAndSaysSo(string query, string why) =>
        Assert.Contains(why, Assert.Throws<DataException>(() => Bind(query)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("SELECT id, lower(name) FROM input", "AS")]
    [InlineData("DROP VIEW input", "sql")]
    [InlineData("SELECT * FROM orders", "input")]
    [InlineData("SELECT 1 AS a FROM input; SELECT 2 AS b FROM input", "sql")]
    public void WhatGivesNoTableIsRefused(string query, string hint) =>
        Assert.Contains(hint, Assert.Throws<DataException>(() => Bind(query)).Message, StringComparison.Ordinal);

    [Fact]
    public void AllMemoryIsReleased()
    {
        var memory = new CountingAllocator();
        var bound = Bind("SELECT * FROM input WHERE id % 2 = 0");
        for (var i = 0; i < 50; i++)
        {
            var ids = new Int64Array.Builder();
            var names = new StringArray.Builder();
            for (var row = 0; row < 5_000; row++)
            {
                ids.Append(row);
                names.Append("name");
            }
            bound.Apply(new RecordBatch(Schema.ToArrow(), [ids.Build(memory), names.Build(memory), names.Build(memory)], 5_000)).Dispose();
        }
        Assert.Equal(0, memory.Held);
    }

    [Fact]
    public void TheTransformsAreRegistered() =>
        Assert.Equal(["filter", "derive", "sql"], SqlConnectors.Register(new ConnectorRegistry()).Connectors.Where(c => c.Kind == ConnectorKind.Transform).Select(c => c.Name));

    private static Core.Contracts.BoundTransform Bind(string query) => new SqlTransform(new SqlOptions { Query = query }).Bind(Schema);

    private sealed class CountingAllocator : MemoryAllocator
    {
        private int held;

        public int Held => held;

        protected override System.Buffers.IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
        {
            bytesAllocated = length;
            Interlocked.Increment(ref held);
            return new Owner(this, length);
        }

        private sealed class Owner(CountingAllocator from, int length) : System.Buffers.IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = new byte[length];

            public void Dispose() => Interlocked.Decrement(ref from.held);
        }
    }
}
