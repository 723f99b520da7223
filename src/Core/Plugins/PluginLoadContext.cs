using System.Reflection;
using System.Runtime.Loader;

namespace Etl.Core.Plugins;

/// <summary>A plugin's assemblies: its own versions of what it needs, but the host's contract and what is part of the contract (https://learn.microsoft.com/dotnet/core/tutorials/creating-app-with-plugin-support).</summary>
internal sealed class PluginLoadContext(string path) : AssemblyLoadContext(System.IO.Path.GetFileNameWithoutExtension(path))
{
    private static readonly string[] Shared = ["Etl.Core", "Apache.Arrow", "Apache.Arrow.Scalars"];
    private readonly AssemblyDependencyResolver resolver = new(path);

    /// <summary>The plugin's assembly.</summary>
    public string Path { get; } = path;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var shared = Shared.Contains(assemblyName.Name) || assemblyName.Name!.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal);
        if (shared && OfTheHost(assemblyName) is { } found) return found;
        return resolver.ResolveAssemblyToPath(assemblyName) is { } own ? LoadFromAssemblyPath(own) : null;
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } own ? LoadUnmanagedDllFromPath(own) : IntPtr.Zero;

    private static Assembly? OfTheHost(AssemblyName name)
    {
        try
        {
            return Default.LoadFromAssemblyName(name);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
