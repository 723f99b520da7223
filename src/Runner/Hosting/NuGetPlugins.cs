using Etl.Core.Plugins;
using NuGet.Common;
using NuGet.Configuration;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Packaging.Signing;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Versioning;

namespace Etl.Runner.Hosting;

/// <summary>
/// Plugins in NuGet packages, from the sources of NuGet.Config as the dotnet command finds it from the folder it is run in: with its credentials, source mapping and signature policy. A package is
/// fetched once and stays in NuGet's folder of packages. It holds the plugin with all it needs in its folder <c>etl</c>, as `dotnet pack` writes it, so nothing is resolved here.
/// </summary>
internal sealed class NuGetPlugins : IPluginPackages
{
    private const string Inside = "etl";

    /// <inheritdoc/>
    public string Find(string id, string version)
    {
        if (!PackageIdValidator.IsValidPackageId(id) || !NuGetVersion.TryParse(version, out var exact))
            throw new PluginException($"nuget:{id}@{version} names no package and version. Write them as on the package's page: nuget:Acme.Etl@1.2.0.");
        try
        {
            var settings = Settings.LoadDefaultSettings(Environment.CurrentDirectory);
            var package = Installed(settings, id, exact) ?? FetchAsync(settings, new PackageIdentity(id, exact), Signals.Stopped).GetAwaiter().GetResult();
            var plugin = Path.Combine(package, Inside);
            return Directory.Exists(plugin) ? plugin : throw new PluginException(
                $"The package {id} {version} has no plugin: no folder {Inside} with the connectors and all they need. Packages that `dotnet pack` makes of a project with <EnableDynamicLoading> that uses Etl.Core have one.");
        }
        catch (Exception e) when (e is NuGetConfigurationException or SignatureException or PackagingException or InvalidDataException)
        {
            throw new PluginException($"The package {id} {version} cannot be used: {Sentence(e.Message)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginException($"The package {id} {version} cannot be stored: {Sentence(e.Message)} Name a folder for packages that can be written, in NUGET_PACKAGES.", e);
        }
    }

    private static string? Installed(ISettings settings, string id, NuGetVersion version) =>
        new FallbackPackagePathResolver(NuGetPathContext.Create(settings)).GetPackageDirectory(id, version);

    private static async Task<string> FetchAsync(ISettings settings, PackageIdentity package, CancellationToken cancel)
    {
        var mapping = PackageSourceMapping.GetPackageSourceMapping(settings);
        var allowed = mapping.IsEnabled ? mapping.GetConfiguredPackageSources(package.Id) : null;
        List<PackageSource> sources = [.. new PackageSourceProvider(settings).LoadPackageSources().Where(s => s.IsEnabled && allowed?.Contains(s.Name, StringComparer.OrdinalIgnoreCase) != false)];
        using var cache = new SourceCacheContext();
        foreach (var source in sources)
        {
            var content = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            await using var _ = content.ConfigureAwait(false);
            if (!await CopyAsync(source, package, content, cache, cancel).ConfigureAwait(false)) continue;
            content.Position = 0;
            var folder = SettingsUtility.GetGlobalPackagesFolder(settings);
            using var result = await GlobalPackagesFolderUtility.AddPackageAsync(
                source.Source, package, content, folder, Guid.Empty, ClientPolicyContext.GetClientPolicy(settings, NullLogger.Instance), NullLogger.Instance, cancel).ConfigureAwait(false);
            return new VersionFolderPathResolver(folder).GetInstallPath(package.Id, package.Version);
        }

        throw new PluginException($"There is no package {package.Id} {package.Version} in {(sources.Count == 0 ? "any source, because NuGet.Config names none for it" : string.Join(", ", sources.Select(s => s.Name)))}. Check its name and version, and the sources (`dotnet nuget list source`).");
    }

    private static async Task<bool> CopyAsync(PackageSource source, PackageIdentity package, Stream content, SourceCacheContext cache, CancellationToken cancel)
    {
        try
        {
            var found = await Repository.Factory.GetCoreV3(source).GetResourceAsync<FindPackageByIdResource>(cancel).ConfigureAwait(false);
            return found is not null && await found.CopyNupkgToStreamAsync(package.Id, package.Version, content, cache, NullLogger.Instance, cancel).ConfigureAwait(false);
        }
        catch (FatalProtocolException e)
        {
            // The source's address, which the outer messages show, may hold a password.
            var inner = e.GetBaseException();
            throw new PluginException($"The package {package.Id} {package.Version} cannot be fetched from {source.Name}: {Sentence(inner.Message)} Check that source in NuGet.Config (`dotnet nuget list source`).", e);
        }
    }

    private static string Sentence(string message) => message.TrimEnd('.') + ".";
}
