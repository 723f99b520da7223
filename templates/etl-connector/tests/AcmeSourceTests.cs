using Etl.Core.Contracts;
using Etl.Testing;

namespace Acme.Tests;

/// <summary>What every source must do. Add your own tests beside it.</summary>
public sealed class AcmeSourceTests : SourceConformance
{
    protected override Type OptionsType => typeof(AcmeSourceOptions);

    public override ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(PathOf(""));
        return ValueTask.CompletedTask;
    }

    protected override ISource CreateSource() => new AcmeSource(new AcmeSourceOptions { Folder = "data" }, Context);

    protected override Task PutAsync(string name, byte[] content)
    {
        Folder.File(Path.Combine("data", name), content);
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync(string name)
    {
        File.Delete(PathOf(name));
        return Task.CompletedTask;
    }

    private string PathOf(string name) => Path.Combine(Folder.Path, "data", name);
}
