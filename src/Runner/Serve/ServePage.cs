using Etl.Runner.Pages;

namespace Etl.Runner.Serve;

/// <summary>The page of `etl serve`: the pipelines, their last runs, and the run under way. It reaches nothing but the address it came from.</summary>
internal static class ServePage
{
    private static readonly Lazy<string> Text = new(() => PageTemplate.Read("Serve.page.html"));

    public static string Html => Text.Value;
}
