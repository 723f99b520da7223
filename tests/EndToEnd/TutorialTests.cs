using System.Text.RegularExpressions;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>docs/tutorial.md is true: its commands are run in order in one folder, and the lines it shows are printed by the commands above them. What it runs without <c>--local</c> meets the cloud of the test.</summary>
public sealed partial class TutorialTests() : CloudTests("real-clouds")
{
    [GeneratedRegex("^```(?<kind>sh|text)(?: (?<mark>[a-z]+))?\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks { get; }

    [Fact]
    public async Task EveryCommandOfTheTutorialDoesWhatItSays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "the tutorial's commands are for a Unix shell");
        Workspace.Write("bin/etl", $"#!/bin/sh\nexec dotnet '{Workspace.Etl}' \"$@\"\n");
        await Workspace.RunAsync("chmod", "+x", Workspace.PathOf("bin", "etl"));
        var text = await File.ReadAllTextAsync(Repository.PathOf("docs", "tutorial.md"));
        var printed = "";
        var (commands, lines) = (0, 0);
        foreach (Match block in Blocks.Matches(text))
        {
            var (body, mark) = (block.Groups["body"].Value, block.Groups["mark"].Value);
            if (mark == "setup") continue;
            if (block.Groups["kind"].Value == "text")
            {
                foreach (var line in body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    Assert.True(Squeezed(printed).Contains(Squeezed(line), StringComparison.Ordinal), $"not printed: {line}\n--- but\n{printed}");
                    lines++;
                }

                continue;
            }

            // Local buckets and tables are another cloud than the test's; only commands for the real clouds see that one.
            var local = mark == "cloud" ? "" : $"unset {string.Join(' ', Workspace.Environment.Keys.Where(k => k.StartsWith("AWS_", StringComparison.Ordinal) || k.StartsWith("GOOGLE_", StringComparison.Ordinal) || k.EndsWith("_EMULATOR_HOST", StringComparison.Ordinal) || k.StartsWith("CLOUDSDK_", StringComparison.Ordinal)))}\n";
            var finished = await Workspace.RunAsync("bash", "-c", $"set -e\nexport PATH=\"$PWD/bin:$PATH\"\n{local}{body}");
            Assert.True(finished.ExitCode == 0 ? mark != "fails" : mark == "fails", $"{body}\n{finished}");
            printed = finished.Output + "\n" + finished.Error;
            commands++;
        }

        Assert.True(commands >= 12 && lines >= 12, $"{commands} blocks of commands, {lines} lines");
    }

    private static string Squeezed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
