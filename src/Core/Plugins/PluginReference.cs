namespace Etl.Core.Plugins;

/// <summary>What names plugins: a path, or <c>nuget:ID@VERSION</c>.</summary>
internal static class PluginReference
{
    private const string Package = "nuget:";

    /// <summary>The path that <paramref name="reference"/> stands for; a relative one is relative to <paramref name="folder"/>.</summary>
    /// <exception cref="PluginException">It is no reference, or the package cannot be had.</exception>
    public static string Resolve(string reference, string folder, IPluginPackages? packages)
    {
        if (!reference.StartsWith(Package, StringComparison.Ordinal)) return Path.GetFullPath(reference, folder);
        if (reference[Package.Length..].Split('@') is not [{ Length: > 0 } id, { Length: > 0 } version])
            throw new PluginException($"{reference} names no package and version. Write nuget:ID@VERSION, such as nuget:Acme.Etl@1.2.0.");
        if (packages is null) throw new PluginException($"{reference} cannot be used here: only the etl command fetches packages. Name a path.");
        return packages.Find(id, version);
    }

    /// <summary>The references of a list with <paramref name="separator"/> between them, which may be the colon after <c>nuget</c>.</summary>
    public static IReadOnlyList<string> Split(string list, char separator)
    {
        var all = new List<string>();
        foreach (var part in list.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (all is [.., "nuget"]) all[^1] = Package + part;
            else all.Add(part);
        return all;
    }
}
