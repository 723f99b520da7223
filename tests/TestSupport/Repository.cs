using Xunit;

namespace Etl.TestSupport;

/// <summary>Where the repository's files are, for tests that use them.</summary>
public static class Repository
{
    /// <summary>The folder of Etl.sln.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory, "Etl.sln");

    /// <summary>A path in the repository.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A path in the shared data beside the repository; skips the test when it is not there.</summary>
    public static string SharedData(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([Root, "..", "shared", "data", .. parts]));
        Assert.SkipUnless(Path.Exists(path), $"{Path.Combine(["shared/data", .. parts])} is not beside the repository");
        return path;
    }

    private static string Find(string from, string file)
    {
        for (var folder = from; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, file)))
                return folder;
        throw new InvalidOperationException($"{file} is not above {from}.");
    }
}
