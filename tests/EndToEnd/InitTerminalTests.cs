using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary><c>etl init</c> at a terminal, as a person answers it.</summary>
public sealed class InitTerminalTests : IDisposable
{
    private const char Escape = '\x1b';
    private readonly Workspace workspace = new();

    public InitTerminalTests()
    {
        workspace.Write("members.csv", "id,email,joined_on,amount\n" + string.Concat(Enumerable.Range(1, 20).Select(i => $"{i},user{i}@example.com,2026-11-{i:D2},{i}.5\n")));
        workspace.AddEtlToPath();
    }

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task SuggestionsAreTakenByReturnAndThePipelineIsValid()
    {
        var asked = await workspace.ExpectAsync("""
            spawn etl init
            see "key): "
            send "members.csv\r"
            see "(members): "
            send "\r"
            see "stage in: "
            send "acme-stagingX\x7f\r"
            see "project: "
            send "acme\r"
            see "dataset: "
            send "d\r"
            see "(members): "
            send "\r"
            see "append): (none): "
            send "\r"
            see "(joined_on): "
            send "\r"
            see "(email): "
            send "\r"
            see "is written"
            """);
        var yaml = await File.ReadAllTextAsync(workspace.PathOf("members.yaml"), TestContext.Current.CancellationToken);

        Assert.True(asked.ExitCode == 0, asked.ToString());
        Assert.DoesNotContain($"{Escape}[3", asked.Output, StringComparison.Ordinal);
        Assert.Contains("{ bucket: acme-staging, prefix", yaml, StringComparison.Ordinal);
        Assert.Contains("partition: { column: joined_on, by: day }", yaml, StringComparison.Ordinal);
        Assert.Contains("columns: [email], with: sha256", yaml, StringComparison.Ordinal);
        await workspace.SucceedAsync("validate", "members.yaml");
    }

    [Fact]
    public async Task AnswersAreChangedInANarrowTerminalAndAWrongOneIsAskedForAgain()
    {
        var asked = await workspace.ExpectAsync("""
            set stty_init "rows 24 columns 40"
            spawn etl init --from members.csv --staging acme-staging --project acme --dataset d
            see "(members): "
            send "people\r"
            see "(people): "
            send "persons\r"
            see "(none):"
            send "identity\r"
            see "no column identity"
            see "(none):"
            send "id\r"
            see "(joined_on):"
            send "none\r"
            see "(email):"
            send "none\r"
            see "is written"
            """);
        var yaml = await File.ReadAllTextAsync(workspace.PathOf("people.yaml"), TestContext.Current.CancellationToken);

        Assert.True(asked.ExitCode == 0, asked.ToString());
        Assert.Contains("table: persons", yaml, StringComparison.Ordinal);
        Assert.Contains("key: [id]", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("partition:", yaml, StringComparison.Ordinal);
        Assert.Contains("# email seems to hold data of persons", yaml, StringComparison.Ordinal);
        await workspace.SucceedAsync("validate", "people.yaml");
    }

    [Fact]
    public async Task ControlCAtAQuestionEndsItAtOnceAndNothingIsWritten()
    {
        var asked = await workspace.ExpectAsync("""
            spawn etl init --from members.csv --staging acme-staging
            see "(members): "
            send "\r"
            see "project: "
            send "\x03"
            see "Stopped."
            """);

        Assert.True(asked.ExitCode == 130, asked.ToString());
        Assert.Empty(Directory.GetFiles(workspace.Folder, "*.yaml*"));
    }

    [Fact]
    public async Task AFileThatIsNotThereIsNamedBeforeAnythingElseIsAsked()
    {
        var asked = await workspace.ExpectAsync("""
            spawn etl init
            see "key): "
            send "nowhere.csv\r"
            see "nowhere.csv"
            see "error: "
            """);

        Assert.True(asked.ExitCode == 1, asked.ToString());
        Assert.DoesNotContain("pipeline's name", asked.Output, StringComparison.Ordinal);
    }
}
