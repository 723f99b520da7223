using System.Runtime;

namespace Etl.Runner.Hosting;

/// <summary>
/// What had to be compiled when a command started, kept in the user's cache folder, so that at its next start another core compiles it while the first goes on
/// (<see href="https://learn.microsoft.com/dotnet/api/system.runtime.profileoptimization"/>). What is published is compiled ahead, but for what .NET leaves to be compiled at run time.
/// </summary>
internal sealed class StartupProfile
{
    // What a command compiles depends on its work, so a profile is taken anew now and then; taking one costs some milliseconds.
    private static readonly TimeSpan LongestKept = TimeSpan.FromDays(1);
    private static StartupProfile? current;
    private readonly string folder, command, ownFolder;
    private readonly bool isKept;

    private StartupProfile(string folder, string command)
    {
        (this.folder, this.command, ownFolder) = (folder, command, Path.Combine(folder, $"{Guid.NewGuid():n}"));
        var found = new FileInfo(Kept);
        isKept = found.Exists && !IsOld(found);
    }

    // To the runtime a profile of another build is none.
    private string Name => $"{command}.{typeof(StartupProfile).Assembly.ManifestModule.ModuleVersionId:n}.startup";

    private string Kept => Path.Combine(folder, Name);

    /// <summary>Uses what an earlier start of the command left. Before anything else is done: the other core has nothing to do yet.</summary>
    /// <param name="command">The command's name; null when there is none.</param>
    public static void Start(string? command)
    {
        if (command is not null && Folder() is { } folder)
            Try(() =>
            {
                var profile = new StartupProfile(folder, command);
                profile.Start();
                current = profile;
            });
    }

    /// <summary>When the command has done its work: leaves what was compiled to its next starts, unless they have that of an earlier one.</summary>
    public static void Keep()
    {
        if (current is { isKept: false } profile)
            Try(profile.Save);
    }

    private void Start() => InOwnFolder(own =>
    {
        if (isKept) File.Copy(Kept, own);
        ProfileOptimization.SetProfileRoot(Path.GetDirectoryName(own)!);
        ProfileOptimization.StartProfile(Name);
    });

    private void Save()
    {
        InOwnFolder(own =>
        {
            ProfileOptimization.StartProfile(null!);
            // By rename, so that a command that starts meanwhile finds the whole of one. On one core nothing was noted.
            if (File.Exists(own)) File.Move(own, Kept, overwrite: true);
        });
        foreach (var other in new DirectoryInfo(folder).EnumerateFiles($"{command}.*.startup").Where(IsOld))
            other.Delete();
    }

    // The runtime reads a profile at once and writes it when it ends, in place: it has one of its own, since of what other commands read or write meanwhile it would get half, and fail by that.
    // It lies in the user's folder, not in one that others may write to: what the runtime reads it believes.
    private void InOwnFolder(Action<string> work)
    {
        Directory.CreateDirectory(ownFolder);
        var own = Path.Combine(ownFolder, Name);
        try
        {
            work(own);
        }
        finally
        {
            File.Delete(own);
            Directory.Delete(ownFolder);
        }
    }

    private static bool IsOld(FileInfo profile) => TimeProvider.System.GetUtcNow() - profile.LastWriteTimeUtc >= LongestKept;

    // A start that could be faster is no reason to fail.
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    // https://specifications.freedesktop.org/basedir-spec/latest/
    private static string? Folder()
    {
        var (stated, home) = (Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        if (Path.IsPathFullyQualified(stated ?? "")) return Path.Combine(stated!, "etl");
        if (OperatingSystem.IsWindows()) return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "etl", "cache");
        return Path.IsPathFullyQualified(home) ? Path.Combine(home, ".cache", "etl") : null;
    }
}
