using System.ComponentModel;
using System.Reflection;
using Etl.Core.Connectors;
using Xunit;

namespace Etl.Connectors.Gcp.Tests;

public sealed class GcpConnectorsTests
{
    private static readonly IReadOnlyList<ConnectorDescriptor> Registered = GcpConnectors.Register(new ConnectorRegistry()).Connectors;

    [Fact]
    public void EachConnectorIsRegisteredOnce() =>
        Assert.Equal(
            [(ConnectorKind.Settings, "google", null), (ConnectorKind.Source, "gcs", null), (ConnectorKind.StagingSink, "gcs", "gs"), (ConnectorKind.LoadSink, "bigquery", "gs"), (ConnectorKind.StateStore, "gcs", (string?)null)],
            Registered.Select(c => (c.Kind, c.Name, c.Scheme)));

    [Fact]
    public void EveryOptionIsDescribed() =>
        Assert.All(Registered.SelectMany(c => c.OptionsType.GetProperties(BindingFlags.Public | BindingFlags.Instance)), p => Assert.NotNull(p.GetCustomAttribute<DescriptionAttribute>()));
}
