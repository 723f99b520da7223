using Xunit;

namespace Etl.TestSupport;

/// <summary>Programs that tests need and that a machine may lack: then the test skips by name, or fails when <c>ETL_TEST_REQUIRE_ALL=1</c>.</summary>
public static class OutsideProgram
{
    /// <summary>The program's path.</summary>
    public static string Require(string program)
    {
        var found = Find(program);
        Missing(found is null, $"{program} is not installed");
        return found!;
    }

    /// <summary>The path of a program that no machine must have, because Debian lacks it.</summary>
    public static string FindOrSkip(string program)
    {
        var found = Find(program);
        Assert.SkipWhen(found is null, $"{program} is not installed");
        return found!;
    }

    /// <summary>A file that an outside installer makes, such as an npm package's.</summary>
    public static string RequireFile(string path, string how)
    {
        Missing(!Path.Exists(path), $"{path} is not there: {how}");
        return path;
    }

    /// <summary>What else a test needs of the machine.</summary>
    public static void RequireThat(bool condition, string why) => Missing(!condition, why);

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, program)).FirstOrDefault(File.Exists);

    private static void Missing(bool missing, string why)
    {
        if (missing && Environment.GetEnvironmentVariable("ETL_TEST_REQUIRE_ALL") == "1") Assert.Fail(why);
        Assert.SkipWhen(missing, why);
    }
}
