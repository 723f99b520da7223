using Apache.Arrow;
using Apache.Arrow.Memory;
using Etl.Core.Connectors;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Core.Transforms;
using Etl.TestSupport;
using Xunit;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Core.Tests.Transforms;

public sealed class SelectTransformTests
{
    private static readonly TableSchema Input = new([new("order_id", ColumnType.Int64, Nullable: false), new("amount", ColumnType.Int64), new("note", ColumnType.Int64)]);

    [Fact]
    public void KeptColumnsKeepTheirOrderWhateverTheOrderOfTheOptions()
    {
        var bound = new SelectTransform(new SelectOptions { Keep = ["note", "ORDER_ID"] }).Bind(Input);
        Assert.Equal(["order_id", "note"], bound.Output.Columns.Select(c => c.Name));
        using var batch = bound.Apply(Batch());
        Assert.Equal([1, 3], Enumerable.Range(0, 2).Select(i => (int)((Int64Array)batch.Column(i)).GetValue(0)!.Value));
        Assert.False(batch.Schema.GetFieldByIndex(0).IsNullable);
    }

    [Fact]
    public void ARenamedColumnRemembersWhatTheSourceCallsIt()
    {
        var bound = new SelectTransform(new SelectOptions { Rename = new Dictionary<string, string> { ["amount"] = "total" } }).Bind(Input);
        Assert.Equal(new Column("total", ColumnType.Int64, true, "amount"), bound.Output.Columns[1]);
    }

    [Fact]
    public void AnUnknownColumnIsRefusedWithTheNearestName()
    {
        var failure = Assert.Throws<DataException>(() => new SelectTransform(new SelectOptions { Drop = ["amuont"] }).Bind(Input));
        Assert.Contains("Did you mean amount?", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoColumnsOfOneNameAreRefused() =>
        Assert.Throws<DataException>(() => new SelectTransform(new SelectOptions { Rename = new Dictionary<string, string> { ["amount"] = "Note" } }).Bind(Input));

    [Fact]
    public void LeavingNoColumnIsRefused() =>
        Assert.Throws<DataException>(() => new SelectTransform(new SelectOptions { Drop = ["order_id", "amount", "note"] }).Bind(Input));

    [Fact]
    public void EveryColumnIsReleasedOnce()
    {
        var memory = new CountingAllocator();
        var bound = new SelectTransform(new SelectOptions { Drop = ["amount"] }).Bind(Input);
        var batch = bound.Apply(Batch(memory));
        Assert.Equal(2, memory.Held);
        batch.Dispose();
        Assert.Equal(0, memory.Held);
    }

    [Fact]
    public void ItIsRegisteredAsATransform() =>
        Assert.Contains(CoreConnectors.Register(new ConnectorRegistry()).Connectors, c => c is { Name: "select", Kind: ConnectorKind.Transform });

    private static RecordBatch Batch(MemoryAllocator? memory = null) =>
        new(Input.ToArrow(), Enumerable.Range(1, 3).Select(v => (IArrowArray)new Int64Array.Builder().Append(v).Build(memory)), 1);

    private sealed class CountingAllocator : MemoryAllocator
    {
        public int Held { get; private set; }

        protected override System.Buffers.IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
        {
            bytesAllocated = length;
            Held++;
            return new Owner(this, length);
        }

        private sealed class Owner(CountingAllocator from, int length) : System.Buffers.IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = new byte[length];

            public void Dispose() => from.Held--;
        }
    }
}
