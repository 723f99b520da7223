using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>The completion scripts, in the shells they are for.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly Workspace workspace = new();

    public CompletionTests()
    {
        workspace.Write("orders.yaml", "");
        workspace.AddEtlToPath();
    }

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task BashCompletesCommandsAndOptions()
    {
        var script = workspace.Write("etl.bash", (await workspace.SucceedAsync("completion", "bash")).Output);
        var lines = await workspace.RunAsync("bash", "-c", $"source '{script}'; complete -p etl; COMP_LINE='etl va' COMP_POINT=6 COMP_CWORD=1; COMP_WORDS=(etl va); _etl; echo \"${{COMPREPLY[@]}}\"; COMP_LINE='etl run --para' COMP_POINT=14 COMP_CWORD=2; COMP_WORDS=(etl run --para); _etl; echo \"${{COMPREPLY[@]}}\"");

        Assert.Equal(["complete -o default -F _etl etl", "validate", "--parallelism"], lines.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, (await workspace.EtlAsync("completion", "csh")).ExitCode);
    }

    [Fact]
    public async Task FishCompletesCommandsAndOptionsAndFilesWhereThoseCanCome()
    {
        var fish = OutsideProgram.Require("fish");
        var script = workspace.Write("etl.fish", (await workspace.SucceedAsync("completion", "fish")).Output);
        async Task<string[]> CompleteAsync(string line) =>
            (await workspace.RunAsync(fish, "--no-config", "-c", $"source '{script}'; complete -C'{line}'")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var commands = await CompleteAsync("etl ");

        Assert.Contains("validate", commands);
        Assert.DoesNotContain("orders.yaml", commands);
        Assert.Equal(["validate"], await CompleteAsync("etl va"));
        Assert.Contains("--parallelism", await CompleteAsync("etl run --"));
        Assert.Equal(["bash", "fish", "zsh"], (await CompleteAsync("etl completion ")).Where(w => !w.StartsWith('-')));
        Assert.Contains("orders.yaml", await CompleteAsync("etl run "));
        Assert.Equal(["orders.yaml"], await CompleteAsync("etl run o"));
    }

    [Theory]
    [InlineData("source ./zsh/_etl")]
    [InlineData("fpath=(./zsh $fpath); compinit -u -d ./dump2")]
    public async Task ZshCompletesCommandsAndOptionsAndFilesWhereThoseCanCome(string install)
    {
        OutsideProgram.Require("zsh");
        workspace.Write("zsh/_etl", (await workspace.SucceedAsync("completion", "zsh")).Output);

        var typed = await workspace.ExpectAsync($$"""
            spawn zsh -f -i
            send {PS1='> '; unsetopt beep; autoload -Uz compinit; compinit -u -d ./dump; {{install}}; echo rea""dy}
            send "\r"
            see "\nready"
            send "etl va\t"
            see "etl validate"
            send "\x15etl completion \t"
            see -re {(.*)bash *fish *zsh(.*)> etl completion}
            puts "listed <$expect_out(1,string)$expect_out(2,string)>"
            send "\x15etl run --para\t"
            see "etl run --parallelism"
            send "\x15etl run ord\t"
            see "etl run orders.yaml"
            send "\x15exit\r"
            """);

        Assert.True(typed.ExitCode == 0, typed.ToString());
        // What is listed besides: no file.
        Assert.DoesNotContain("orders.yaml", typed.Output.Split("listed <")[1].Split('>')[0], StringComparison.Ordinal);
    }
}
