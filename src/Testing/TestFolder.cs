using Etl.Core.Connectors;
using Microsoft.Extensions.Logging.Abstractions;

namespace Etl.Testing;

/// <summary>A folder of its own, gone after the test, and what a connector is given in it.</summary>
public sealed class TestFolder : IDisposable
{
    /// <summary>Makes the folder.</summary>
    public TestFolder() => Directory.CreateDirectory(Path);

    /// <summary>The folder.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"etl-{Guid.NewGuid():n}");

    /// <summary>The context of a pipeline called <c>orders</c> whose file lies here.</summary>
    public ConnectorContext Context => new("orders", Path, local: true, TimeProvider.System, NullLoggerFactory.Instance, new Dictionary<Type, object>());

    /// <summary>Writes a file, with its folders.</summary>
    /// <returns>Its path.</returns>
    public string File(string name, string content) => File(name, System.Text.Encoding.UTF8.GetBytes(content));

    /// <summary>Writes a file, with its folders.</summary>
    /// <returns>Its path.</returns>
    public string File(string name, byte[] content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
