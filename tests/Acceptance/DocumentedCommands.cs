using System.Text.RegularExpressions;
using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>Holds a page of docs/ to what it says: its commands are run in order in one folder, and the lines it shows are printed by the commands above them.</summary>
internal static partial class DocumentedCommands
{
    [GeneratedRegex("^```(?<kind>sh|text)(?: (?<mark>[a-z]+))?\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks { get; }

    /// <summary>Runs the page. Blocks marked <c>setup</c> are not run, <c>fails</c> must fail, and <c>cloud</c> meet the cloud of the test; the others have only what <c>--local</c> starts.</summary>
    /// <returns>How many blocks of commands were run, and how many lines were found in what they printed.</returns>
    public static async Task<(int Commands, int Lines)> RunAsync(Workspace workspace, string page)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "the commands are for a Unix shell");
        workspace.Write("bin/etl", $"#!/bin/sh\nexec dotnet '{Workspace.Etl}' \"$@\"\n");
        await workspace.RunAsync("chmod", "+x", workspace.PathOf("bin", "etl"));
        var printed = "";
        var (commands, lines) = (0, 0);
        foreach (Match block in Blocks.Matches(await File.ReadAllTextAsync(page)))
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

            var finished = await workspace.RunAsync("bash", "-c", $"set -e\nexport PATH=\"$PWD/bin:$PATH\"\n{(mark == "cloud" ? "" : WithoutCloud(workspace))}{body}");
            Assert.True(finished.ExitCode == 0 ? mark != "fails" : mark == "fails", $"{body}\n{finished}");
            printed = finished.Output + "\n" + finished.Error;
            commands++;
        }

        return (commands, lines);
    }

    // Local buckets and tables are another cloud than the test's.
    private static string WithoutCloud(Workspace workspace)
    {
        var names = workspace.Environment.Keys.Where(k => k.StartsWith("AWS_", StringComparison.Ordinal) || k.StartsWith("GOOGLE_", StringComparison.Ordinal) || k.EndsWith("_EMULATOR_HOST", StringComparison.Ordinal) || k.StartsWith("CLOUDSDK_", StringComparison.Ordinal));
        return $"unset {string.Join(' ', names)}\n";
    }

    private static string Squeezed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
