namespace Etl.Core.Plugins;

/// <summary>Where plugins come from that are named by a NuGet package (<c>nuget:Acme.Etl@1.2.0</c>) instead of a path.</summary>
public interface IPluginPackages
{
    /// <summary>The folder of the package's plugin on this machine, fetched if it is not there yet.</summary>
    /// <param name="id">The package.</param>
    /// <param name="version">Exactly this version.</param>
    /// <exception cref="PluginException">It cannot be had, or has no plugin.</exception>
    string Find(string id, string version);
}
