using System.Text.Json;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary><c>etl test</c>, as a person changes a pipeline and its tests.</summary>
public sealed class PipelineTestTests : IDisposable
{
    private readonly Workspace workspace = new();

    public PipelineTestTests() => workspace.CopyPipelines();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task TheExamplesTestsPass()
    {
        var run = await workspace.SucceedAsync("test", "pipelines/orders.yaml");

        Assert.Contains("2 passed, 0 failed", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.PathOf(".etl")));
    }

    [Fact]
    public async Task AChangedPipelineFailsItsTestsWithTheDifference()
    {
        Change("pipelines/orders.yaml", "{ name: qty, type: INT64 }", "{ name: qty, type: STRING }");

        var run = await workspace.EtlAsync("test", "pipelines/orders.yaml");
        var json = JsonDocument.Parse((await workspace.EtlAsync("test", "pipelines/orders.test.yaml", "--json")).Output).RootElement;

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("1 passed, 1 failed", run.Output, StringComparison.Ordinal);
        Assert.Contains("+ 2,twelve", run.Output, StringComparison.Ordinal);
        Assert.Contains("- line 3, qty: expected INT64", run.Output, StringComparison.Ordinal);
        Assert.Equal([true, false], json.GetProperty("tests").EnumerateArray().Select(t => t.GetProperty("passed").GetBoolean()));
    }

    [Fact]
    public async Task UpdateWritesWhatComesOutAndLeavesTheRestAsItIs()
    {
        workspace.Write("p.yaml", """
            name: p
            source:
              file: { path: nowhere }
            transforms:
              - csv: { schema: infer, columns: [{ name: id, type: INT64 }] }
              - filter: { where: "id <> 2" }
            sinks:
              - file: { path: out }
            """);
        const string Before = """
            # a comment that stays
            tests:
              - name: new    # this one too
                input: |
                  id,note
                  1,"say ""hi"", you"
                  2,
                  x,y
                  3,


              # and this
              - name: told otherwise
                expect:
                  types: { id: STRING }
                  rows: |
                    id
                    9
                input: "id\n3\n"

            """;
        workspace.Write("p.test.yaml", Before);

        Assert.Equal(1, (await workspace.EtlAsync("test", "p.yaml")).ExitCode);
        await workspace.SucceedAsync("test", "p.yaml", "--update");
        var passes = await workspace.SucceedAsync("test", "p.yaml");

        Assert.Contains("2 passed", passes.Output, StringComparison.Ordinal);
        Assert.Equal("""
            # a comment that stays
            tests:
              - name: new    # this one too
                input: |
                  id,note
                  1,"say ""hi"", you"
                  2,
                  x,y
                  3,
                expect:
                  rows: |
                    id,note
                    1,"say ""hi"", you"
                    3,
                  rejects:
                    - { line: 4, column: "id", reason: "expected INT64 (whole number), found text" }
                  filtered: 1


              # and this
              - name: told otherwise
                expect:
                  types: { id: INT64 }
                  rows: |
                    id
                    3
                input: "id\n3\n"

            """, await File.ReadAllTextAsync(workspace.PathOf("p.test.yaml")));
    }

    [Theory]
    [InlineData("tests: []", "p.test.yaml:1:8")]
    [InlineData("tests:\n  - name: a\n    inputt: x", "did you mean \"input\"?")]
    [InlineData("tests:\n  - name: a", "input, the object's text, or file, its path")]
    [InlineData("tests:\n  - { name: a, input: x }\n  - { name: a, input: x }", "two tests are called \"a\"")]
    public async Task AWrongFileOfTestsIsRefusedWithItsPlace(string text, string problem)
    {
        workspace.Write("p.yaml", File.ReadAllBytes(workspace.PathOf("pipelines/orders.yaml")));
        workspace.Write("p.test.yaml", text);

        var run = await workspace.EtlAsync("test", "p.yaml");
        var validate = await workspace.EtlAsync("validate", "p.test.yaml");

        Assert.Equal((2, 2), (run.ExitCode, validate.ExitCode));
        Assert.Contains(problem, run.Sentence, StringComparison.Ordinal);
        Assert.Contains(problem, validate.Sentence, StringComparison.Ordinal);
    }

    private void Change(string file, string from, string to)
    {
        var text = File.ReadAllText(workspace.PathOf(file));
        Assert.Contains(from, text, StringComparison.Ordinal);
        workspace.Write(file, text.Replace(from, to, StringComparison.Ordinal));
    }
}
