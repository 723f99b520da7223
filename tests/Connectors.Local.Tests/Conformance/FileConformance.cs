using Etl.Connectors.Local.Files;
using Etl.Connectors.Local.State;
using Etl.Core.Contracts;
using Etl.Core.State;
using Etl.Testing;

namespace Etl.Connectors.Local.Tests.Conformance;

public sealed class FileSourceConformance : SourceConformance
{
    private DateTime written = DateTime.UnixEpoch;

    protected override Type OptionsType => typeof(FileSourceOptions);

    public override ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(Folder.Path, "data"));
        return ValueTask.CompletedTask;
    }

    protected override ISource CreateSource() => new FileSource(new FileSourceOptions { Path = "data" }, Context);

    protected override Task PutAsync(string name, byte[] content)
    {
        // A file system's clock may be slower than two writes.
        written = written.AddSeconds(1);
        File.SetLastWriteTimeUtc(Folder.File(Path.Combine("data", name), content), written);
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync(string name)
    {
        File.Delete(Path.Combine(Folder.Path, "data", name));
        return Task.CompletedTask;
    }
}

public sealed class FileStagingSinkConformance : StagingSinkConformance
{
    protected override Type OptionsType => typeof(FileStagingOptions);

    protected override IStagingSink CreateSink() => new FileStagingSink(new FileStagingOptions { Path = "staged" }, Context);

    protected override Task<byte[]> ReadAsync(StagedFile file) => File.ReadAllBytesAsync(new Uri(file.Uri).LocalPath, Cancel);
}

public sealed class FolderStateStoreConformance : StateStoreConformance
{
    protected override Type OptionsType => typeof(FolderStateOptions);

    protected override IStateStore CreateStore() => new FolderStateStore(Path.Combine(Folder.Path, "state"));
}
