using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Etl.Core.Runs;
using Etl.Runner.Pages;

namespace Etl.Runner.Report;

/// <summary>The HTML report of a run: one file that reaches nothing outside itself. What it shows is in it as JSON, and becomes text of the page, never markup.</summary>
internal static class ReportPage
{
    // The default encoder writes <, > and & as \u003C and so on, so that nothing in the data can end the script element it is in.
    private static readonly JsonSerializerOptions Escaped = new() { Encoder = JavaScriptEncoder.Default };
    private static readonly Lazy<string> Template = new(() => PageTemplate.Read("Report.report.html"));

    /// <summary>The page's bytes.</summary>
    public static byte[] Write(RunDetails details)
    {
        // The template is cut, not replaced in: data may hold any text.
        var (before, after) = Template.Value.Split("/*data*/") is [var b, var a] ? (b, a) : throw new InvalidOperationException("report.html has no one place for data.");
        return Encoding.UTF8.GetBytes(before + ReportJson.Of(details).ToJsonString(Escaped) + after);
    }
}
