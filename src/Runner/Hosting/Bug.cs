using Etl.Core.Plugins;

namespace Etl.Runner.Hosting;

/// <summary>An exception that nobody explains.</summary>
internal static class Bug
{
    /// <summary>Whose it is, in a sentence without its end.</summary>
    public static string Of(Exception error) => Plugin.Of(error) is { } plugin ? $"This is a bug in the plugin {plugin}" : "This is a bug in Etl";
}
