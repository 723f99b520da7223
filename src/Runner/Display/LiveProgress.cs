using Etl.Core.Runs;
using Etl.Runner.Hosting;

namespace Etl.Runner.Display;

/// <summary>Shows a run while it is under way: bars in a terminal, a line now and then elsewhere. On standard error, so that output stays clean.</summary>
internal static class LiveProgress
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs <paramref name="work"/> with the display.</summary>
    public static Task<T> ShowAsync<T>(RunProgress progress, OpenedPipeline opened, Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        var text = new ProgressText(progress, opened.SignIns, TimeProvider.System);
        return Consoles.Error.Profile.Capabilities.Interactive && !Console.IsErrorRedirected && !Messages.Json
            ? LiveBars.ShowAsync(Consoles.Error, progress, text, work, Refresh, cancel)
            : new LiveLines(progress, text, opened.Definition.Name).ShowAsync(work, Refresh, cancel);
    }
}
