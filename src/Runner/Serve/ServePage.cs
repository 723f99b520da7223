namespace Etl.Runner.Serve;

/// <summary>The page of `etl serve`: the pipelines, their last runs, and the run under way. It reaches nothing but the address it came from.</summary>
internal static class ServePage
{
    private static readonly Lazy<string> Text = new(() =>
    {
        using var stream = typeof(ServePage).Assembly.GetManifestResourceStream("Etl.Runner.Serve.page.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    public static string Html => Text.Value;
}
