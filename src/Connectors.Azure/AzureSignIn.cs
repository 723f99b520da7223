using Azure.Core;
using Azure.Identity;

namespace Etl.Connectors.Azure;

/// <summary>The Microsoft Entra identity of a run, whose tokens all its connectors share: a service principal of the environment, a workload identity, a managed identity, or who is signed in to the Azure CLI. No browser is opened and no editor is asked.</summary>
internal sealed class AzureSignIn
{
    /// <summary>The credential; it asks nobody before it is used.</summary>
    public TokenCredential Credential { get; } = new DefaultAzureCredential(new DefaultAzureCredentialOptions
    {
        ExcludeVisualStudioCredential = true,
        ExcludeVisualStudioCodeCredential = true,
        ExcludeAzurePowerShellCredential = true,
        ExcludeAzureDeveloperCliCredential = true,
        ExcludeInteractiveBrowserCredential = true,
        ExcludeBrokerCredential = true,
    });
}
