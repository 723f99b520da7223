using System.Diagnostics;
using System.Text;
using Xunit;

namespace Etl.TestSupport;

/// <summary>A folder of its own, in which the real <c>etl</c> command is run as a user would run it.</summary>
public sealed class Workspace : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("etl-e2e-").FullName;

    /// <summary>Environment variables for every command.</summary>
    public Dictionary<string, string?> Environment { get; } = new() { ["NO_COLOR"] = "1", ["ETL_LOG_FORMAT"] = "text" };

    /// <summary>A path in it.</summary>
    public string PathOf(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>Writes a file, with its folders.</summary>
    public string Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file, with its folders.</summary>
    public string Write(string path, byte[] bytes)
    {
        var full = PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
        return full;
    }

    /// <summary>The program <c>etl</c>, compiled ahead (tests/Ahead.targets).</summary>
    public static string Etl { get; } = Repository.PathOf("artifacts", "etl", AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug", "etl.dll");

    /// <summary>Runs <c>etl</c> here.</summary>
    public Task<Finished> EtlAsync(params string[] arguments) => RunAsync("dotnet", [Etl, .. arguments]);

    /// <summary>Runs <c>etl</c> here and expects exit code 0.</summary>
    public async Task<Finished> SucceedAsync(params string[] arguments)
    {
        var finished = await EtlAsync(arguments);
        Assert.True(finished.ExitCode == 0, $"etl {string.Join(' ', arguments)}\n{finished}");
        return finished;
    }

    /// <summary>Makes <c>etl</c> a command that programs run here find.</summary>
    public void AddEtlToPath()
    {
        var etl = Write("bin/etl", $"#!/bin/sh\nexec dotnet '{Etl}' \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(etl, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment["PATH"] = $"{PathOf("bin")}{Path.PathSeparator}{System.Environment.GetEnvironmentVariable("PATH")}";
    }

    /// <summary>Types at a terminal here, by a script for <c>expect</c> that spawns one program, where <c>see</c> waits for a text; skips where expect is missing. The exit code is the program's, or 99 when a text does not come.</summary>
    public Task<Finished> ExpectAsync(string script)
    {
        var expect = OutsideProgram.Require("expect");
        Environment["TERM"] = "dumb";
        return RunAsync(expect, Write("typed.exp", $$"""
            set timeout 60
            proc fail {why} {
              send_user "\n$why\n"
              catch {exec kill -9 [exp_pid]}
              exit 99
            }
            proc see {args} {
              global spawn_id expect_out
              expect {*}$args {} timeout { fail "nothing came of $args" } eof { fail "it ended before $args" }
            }
            {{script}}
            expect eof {} timeout { fail "it does not end" }
            exit [lindex [wait] 3]

            """));
    }

    /// <summary>The repository's example pipelines and their data, to run and to change.</summary>
    public void CopyPipelines()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("pipelines"), "*", SearchOption.AllDirectories))
            Write(Path.Combine("pipelines", Path.GetRelativePath(Repository.PathOf("pipelines"), file)), File.ReadAllBytes(file));
    }

    /// <summary>Starts <c>etl</c> and leaves it running.</summary>
    public Process StartEtl(params string[] arguments) => Start("dotnet", [Etl, .. arguments]);

    /// <summary>Runs a program here to its end.</summary>
    public async Task<Finished> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Patience}.");
        }

        return new Finished(process.ExitCode, await output, await error);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // What the machine happens to have must not leak into a test.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("AWS_", StringComparison.Ordinal) || k.StartsWith("GOOGLE_", StringComparison.Ordinal) || k.StartsWith("AZURE_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        start.Environment["HOME"] = Folder;
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }
}

/// <summary>How a command ended.</summary>
public sealed record Finished(int ExitCode, string Output, string Error)
{
    /// <summary>What it wrote to standard error, in one line: where a long sentence is broken is of no interest.</summary>
    public string Sentence => string.Join(' ', Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Everything it printed, for messages.</summary>
    public override string ToString() => $"exit code {ExitCode}\n--- output\n{Output}\n--- error\n{Error}";
}
