using Etl.Core.Errors;
using YamlDotNet.RepresentationModel;

namespace Etl.Core.Pipelines;

/// <summary>Reads the tests of a pipeline from the file beside it: <c>orders.test.yaml</c> has those of <c>orders.yaml</c>.</summary>
public static class PipelineTestFile
{
    private const string Ending = ".test";

    /// <summary>Whether a path names a file of tests.</summary>
    public static bool Is(string path) => Path.GetFileNameWithoutExtension(path).EndsWith(Ending, StringComparison.Ordinal);

    /// <summary>The file of tests beside a pipeline file.</summary>
    public static string Beside(string pipeline) => Path.Combine(Path.GetDirectoryName(pipeline) ?? "", Path.GetFileNameWithoutExtension(pipeline) + Ending + Path.GetExtension(pipeline));

    /// <summary>The pipeline file beside a file of tests.</summary>
    public static string PipelineOf(string tests) => Path.Combine(Path.GetDirectoryName(tests) ?? "", Path.GetFileNameWithoutExtension(tests)[..^Ending.Length] + Path.GetExtension(tests));

    /// <summary>Reads and checks a file of tests.</summary>
    /// <exception cref="PipelineFileException">The file is missing or wrong; carries every error.</exception>
    public static PipelineTests Read(string path)
    {
        var root = PipelineFile.Root(path, PipelineFile.Text(path), "a set of tests", "tests");
        // What looks like a variable in a row of a test is text.
        var binder = new OptionsBinder(path, environment: null);
        var tests = (PipelineTests)binder.Bind(root, typeof(PipelineTests), "the file of tests");
        if (binder.Errors.Count == 0 && tests.Tests.GroupBy(t => t.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            binder.Error((YamlNode)root, $"two tests are called \"{twice.Key}\"; give each a name of its own");
        return binder.Errors.Count == 0 ? tests : throw new PipelineFileException(binder.Errors);
    }
}
