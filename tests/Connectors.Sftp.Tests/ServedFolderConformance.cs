using Etl.Core.Contracts;
using Etl.Testing;

namespace Etl.Connectors.Sftp.Tests;

/// <summary>A folder of this machine, by a server on it.</summary>
public abstract class ServedFolderConformance : SourceConformance
{
    private int changes;
    private SftpSource? source;

    protected override Type OptionsType => typeof(SftpSourceOptions);

    /// <summary>How the server is reached, and the folder <see cref="Served"/> read.</summary>
    protected abstract SftpSourceOptions Options { get; }

    /// <summary>The folder.</summary>
    protected string Served => Path.Combine(Folder.Path, "out");

    public override ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Served);
        return ValueTask.CompletedTask;
    }

    // One for the test: signing in takes longer than the rest.
    protected override ISource CreateSource() => source ??= Own(new SftpSource(Options, Context));

    // The protocol counts seconds.
    protected override Task PutAsync(string name, byte[] content)
    {
        File.SetLastWriteTimeUtc(Folder.File("out/" + name, content), DateTime.UnixEpoch.AddSeconds(++changes));
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync(string name)
    {
        File.Delete(Path.Combine(Served, name));
        return Task.CompletedTask;
    }
}
