using Etl.Core.Errors;
using Etl.Core.Runs;

namespace Etl.Runner.Report;

/// <summary>The report as a file on this machine.</summary>
internal static class ReportFile
{
    /// <summary>Writes it and says where.</summary>
    /// <param name="details">The run.</param>
    /// <param name="wanted">Where to; null for the usual place.</param>
    /// <param name="say">Where to say it.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static async Task WriteAsync(RunDetails details, FileInfo? wanted, TextWriter say, CancellationToken cancel)
    {
        var page = ReportPage.Write(details);
        if (wanted?.Name == "-")
        {
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(page, cancel);
            return;
        }

        var path = Path.GetRelativePath(Environment.CurrentDirectory, (wanted ?? new FileInfo(Path.Combine(".etl", "reports", $"{details.Run.Pipeline}-{details.Run.RunId}.html"))).FullName);
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(path, page, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"The report {path} cannot be written: {e.Message.TrimEnd('.')}. Name another file with --report or --output; the run itself is not touched by this.");
        }

        await say.WriteLineAsync($"Report:    {path}".AsMemory(), cancel);
    }
}
