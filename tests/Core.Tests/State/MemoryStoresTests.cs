using Etl.Core.Contracts;
using Etl.Core.State;
using Etl.Testing;
using Etl.TestSupport;

namespace Etl.Core.Tests.State;

// The fakes that stand for connectors in these tests do as the real ones do.

public sealed class MemorySourceConformance : SourceConformance
{
    private readonly MemorySource source = new();

    protected override Type OptionsType => typeof(NoOptions);

    protected override ISource CreateSource() => source;

    protected override Task PutAsync(string name, byte[] content)
    {
        source.Put(name, content);
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync(string name)
    {
        source.Remove(name);
        return Task.CompletedTask;
    }
}

public sealed class MemoryStagingSinkConformance : StagingSinkConformance
{
    private readonly MemoryStagingSink sink = new();

    protected override Type OptionsType => typeof(NoOptions);

    protected override IStagingSink CreateSink() => sink;

    protected override Task<byte[]> ReadAsync(StagedFile file) => Task.FromResult(sink.Files[file.Uri["memory://".Length..]]);
}

public sealed class MemoryStateStoreConformance : StateStoreConformance
{
    private readonly MemoryStateStore store = new();

    protected override Type OptionsType => typeof(NoOptions);

    protected override IStateStore CreateStore() => store;
}

public sealed record NoOptions;
