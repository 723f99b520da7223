using System.Text;
using System.Text.Json.Nodes;
using Etl.Core.Errors;
using Etl.Core.State;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.State;

public sealed class StateLayoutTests
{
    private readonly PipelineBuilder pipeline = new();

    public StateLayoutTests() => pipeline.Source.Put("a.txt", "1\n").Put("b.txt", "2\n");

    [Fact]
    public async Task TheFirstLayoutIsReadAndWrittenOverInThePresentOne()
    {
        await WriteAsync("""{"version":1,"lastRun":"0123456789abcdef0123","openRun":null,"loaded":{"memory://a.txt":"1"}}""");

        var summary = await pipeline.RunAsync();

        Assert.Equal(["2"], pipeline.Load.Rows);
        Assert.Equal((1, "0123456789abcdef0123"), (summary.AlreadyLoaded, summary.Run!.After));
        var state = JsonNode.Parse(pipeline.State.Text("lines/state.json"))!;
        Assert.Equal(PipelineState.CurrentVersion, state["version"]!.GetValue<int>());
        Assert.Equal(2, state["ledger"]!.AsArray().Sum(s => s!["objects"]!.GetValue<int>()));
    }

    [Fact]
    public async Task ARunThatTheFirstLayoutLeftOpenIsFinished()
    {
        pipeline.Load.AfterLoad = () => throw new ServiceException("the connection broke", transient: false);
        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());
        var open = JsonNode.Parse(pipeline.State.Text("lines/state.json"))!["open"]!["run"]!.GetValue<string>();
        await WriteAsync($$$"""{"version":1,"lastRun":null,"openRun":"{{{open}}}","loaded":{}}""");
        pipeline.Load.AfterLoad = null;

        var summary = await pipeline.RunAsync();

        Assert.True(summary.Resumed);
        Assert.Equal(["1", "2"], pipeline.Load.Rows.Order());
    }

    [Theory]
    [InlineData("""{"version":3}""", "newer version of Etl")]
    [InlineData("""{"version":2,"generation":1,"ledge""", "cut off or edited")]
    [InlineData("""{"version":2,"lastrun_":"x"}""", "cut off or edited")]
    [InlineData("""{"version":2,"ledger":[{"name":"x"}]}""", "cut off or edited")]
    [InlineData("{}", "cut off or edited")]
    [InlineData("", "cut off or edited")]
    [InlineData("[]", "cut off or edited")]
    public async Task AStateThatIsNotUnderstoodIsRefusedAndNothingIsLoaded(string json, string message)
    {
        await WriteAsync(json);

        var error = await Assert.ThrowsAsync<DataException>(() => pipeline.RunAsync());

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("memory://lines/state.json", error.Message, StringComparison.Ordinal);
        Assert.Empty(pipeline.Load.Commits);
    }

    private async Task WriteAsync(string json) => await pipeline.State.WriteAsync("lines/state.json", Encoding.UTF8.GetBytes(json), WriteCondition.Always, default);
}
