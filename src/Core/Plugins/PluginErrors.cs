using System.Reflection;

namespace Etl.Core.Plugins;

/// <summary>What went wrong with a plugin, in words.</summary>
internal static class PluginErrors
{
    /// <summary>Explains what loading it, or its own code, threw.</summary>
    public static PluginException Explain(string path, Exception error) => error switch
    {
        PluginException known when known.Message.Contains(path, StringComparison.Ordinal) => known,
        PluginException known => new PluginException($"The plugin {path} cannot be used: {known.Message}", known),
        TargetInvocationException { InnerException: { } inner } => Explain(path, inner),
        TypeInitializationException { InnerException: { } inner } => Explain(path, inner),
        ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } => Explain(path, first),
        BadImageFormatException => new PluginException($"{path} is not an assembly of .NET that this machine can load. Name the plugin's own .dll.", error),
        FileNotFoundException { FileName: { } missing } => new PluginException(
            $"The plugin {path} needs {missing.Split(',')[0]}, which is not beside it. Set <EnableDynamicLoading>true</EnableDynamicLoading> in its project and build it again, or use what `dotnet publish` writes.", error),
        FileLoadException { FileName: { } other } => new PluginException(
            $"The plugin {path} needs another version of {string.Join(',', other.Split(',').Take(2))} than this etl has. Build it with the version that Etl.Core {Plugin.Contract.ToString(3)} uses.", error),
        TypeLoadException or MissingMemberException => new PluginException(
            $"The plugin {path} was built against another Etl.Core than {Plugin.Contract.ToString(3)}: {FirstLine(error)} Build it again with that version.", error),
        _ => new PluginException($"The plugin {path} failed while it was loaded, with {error.GetType().Name}: {FirstLine(error)} This is for whoever wrote it to mend.", error),
    };

    private static string FirstLine(Exception error)
    {
        var line = error.Message.Split('\n')[0].Trim();
        return line.EndsWith('.') ? line : line + ".";
    }
}
