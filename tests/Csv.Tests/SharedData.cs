namespace Etl.Csv.Tests;

/// <summary>Real files that are kept beside the repository, not in it.</summary>
internal static class SharedData
{
    public static string Path(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = System.IO.Path.Combine(folder.FullName, "shared", "data", name);
            if (File.Exists(path) || Directory.Exists(path))
                return path;
        }
        var root = Environment.GetEnvironmentVariable("ETL_SHARED_DATA");
        if (root is not null)
            return System.IO.Path.Combine(root, name);
        Assert.Skip($"shared/data/{name} is not beside the repository; set ETL_SHARED_DATA to the folder that has it.");
        return "";
    }
}
