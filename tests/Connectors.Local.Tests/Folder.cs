using Etl.Core.Connectors;
using Microsoft.Extensions.Logging.Abstractions;

namespace Etl.Connectors.Local.Tests;

/// <summary>A folder of its own, gone after the test.</summary>
internal sealed class Folder : IDisposable
{
    public Folder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"etl-{Guid.NewGuid():n}");

    public ConnectorContext Context => new("orders", Path, local: true, TimeProvider.System, NullLoggerFactory.Instance, new Dictionary<Type, object>());

    public string File(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
