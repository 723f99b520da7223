using Microsoft.Extensions.Hosting;

namespace Etl.LocalCloud.Host;

/// <summary>A host lifetime that listens to no signal.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
