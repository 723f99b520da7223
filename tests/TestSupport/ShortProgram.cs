using System.Diagnostics;
using Xunit;

namespace Etl.TestSupport;

/// <summary>Programs that do one thing and end. They are given nothing to read.</summary>
public static class ShortProgram
{
    /// <summary>Runs one to its end.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">What it is given.</param>
    public static async Task<Finished> RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Finished(process.ExitCode, output, await error);
    }

    /// <summary>The output of one that must succeed.</summary>
    public static async Task<string> SucceedAsync(string folder, string program, params string[] arguments)
    {
        var finished = await RunAsync(folder, program, arguments);
        Assert.True(finished.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {finished}");
        return finished.Output;
    }
}
