using Etl.Core.Connectors;

namespace Etl.Connectors.Azure;

/// <summary>The connectors of this project.</summary>
public static class AzureConnectors
{
    /// <summary>Adds them to <paramref name="registry"/>.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .AddSource<AzureSourceOptions>("azure", "Objects of an Azure Blob Storage container", (options, context) => new AzureSource(options, context))
            .AddStagingSink<AzureStagingOptions>("azure", "Writes files into an Azure Blob Storage container", "az", (options, context) => new AzureStagingSink(options, context),
                (options, context) => new AzureStateStore(new AzureStateOptions { Account = options.Account, Container = options.Container, Prefix = options.Prefix + "_etl/", AccountKey = options.AccountKey, SasToken = options.SasToken }, context))
            .AddStateStore<AzureStateOptions>("azure", "Keeps manifests, receipts and state in an Azure Blob Storage container", (options, context) => new AzureStateStore(options, context));
    }
}
