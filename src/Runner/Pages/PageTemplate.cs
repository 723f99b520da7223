using System.Security.Cryptography;
using System.Text;

namespace Etl.Runner.Pages;

/// <summary>An embedded page with the style and the functions that all pages share. It runs its own scripts and no others: what data brings along is text.</summary>
internal static class PageTemplate
{
    private const string ScriptStart = "<script>", ScriptEnd = "</script>";

    /// <summary>The page <paramref name="name"/>: <c>/*style*/</c> and <c>/*functions*/</c> in it are replaced, and <c>script-hash</c> in its Content-Security-Policy by the hash of its script (https://www.w3.org/TR/CSP3/#external-hash).</summary>
    public static string Read(string name)
    {
        var page = Text(name).Replace("/*style*/", Text("Pages.page.css"), StringComparison.Ordinal).Replace("/*functions*/", Text("Pages.page.js"), StringComparison.Ordinal);
        var start = page.IndexOf(ScriptStart, StringComparison.Ordinal) + ScriptStart.Length;
        var script = page[start..page.IndexOf(ScriptEnd, start, StringComparison.Ordinal)];
        return page.Replace("script-hash", $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}", StringComparison.Ordinal);
    }

    private static string Text(string name)
    {
        using var reader = new StreamReader(typeof(PageTemplate).Assembly.GetManifestResourceStream($"Etl.Runner.{name}")!);
        // Browsers hash a script with line feeds.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
