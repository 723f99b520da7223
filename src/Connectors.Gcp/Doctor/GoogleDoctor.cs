using Etl.Core.Connectors;

namespace Etl.Connectors.Gcp.Doctor;

/// <summary>Walks the chain from AWS credentials to permissions in Google Cloud, and says of each step what it found or what is wrong. Changes nothing.</summary>
public sealed class GoogleDoctor(ConnectorContext context) : IDisposable
{
    private readonly ServiceCalls calls = new();

    /// <summary>Walks the chain. Failures are in the diagnosis; nothing of what a service refuses is thrown.</summary>
    public async Task<Diagnosis> CheckAsync(DoctorTargets targets, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var walk = new Walk();
        var grantee = await new SignInSteps(context, calls, walk).WalkAsync(cancel).ConfigureAwait(false);
        if (targets.Buckets.Count + targets.Tables.Count > 0)
            await new ResourceSteps(context, walk, grantee).WalkAsync(targets, cancel).ConfigureAwait(false);
        return new Diagnosis(walk.Steps);
    }

    /// <inheritdoc/>
    public void Dispose() => calls.Dispose();
}
