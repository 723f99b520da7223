namespace Etl.Core.Plugins;

/// <summary>Finds the plugins that a path stands for.</summary>
internal static class PluginFiles
{
    /// <summary>A path to an assembly is that one; a folder is every assembly with its <c>.deps.json</c> beside it, in it or one level below, as <c>dotnet build</c> and <c>dotnet publish</c> leave them.</summary>
    /// <returns>Full paths, in order.</returns>
    /// <exception cref="PluginException">There is none.</exception>
    public static IReadOnlyList<string> Find(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new PluginException($"There is no plugin {path}: neither a folder nor an assembly. Check the path; in a pipeline file, it is relative to the file.");
        string[] found = [.. new[] { path }.Concat(Directory.GetDirectories(path)).SelectMany(folder => Directory.GetFiles(folder, "*.deps.json")).Select(deps => deps[..^".deps.json".Length] + ".dll").Where(File.Exists).Order(StringComparer.Ordinal)];
        return found.Length > 0 ? found : throw new PluginException(
            $"There is no plugin in {path}: a plugin is an assembly with its .deps.json beside it, as `dotnet build` and `dotnet publish` write them, there or one folder below. Build it there, or name its .dll.");
    }
}
