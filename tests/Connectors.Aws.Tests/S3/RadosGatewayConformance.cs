using Etl.TestSupport;
using Xunit;

[assembly: AssemblyFixture(typeof(RadosGateway))]

namespace Etl.Connectors.Aws.Tests.S3;

/// <summary>S3 as Ceph has it: a server that others wrote.</summary>
[Collection("environment variables")]
public sealed class RadosSourceConformance(RadosGateway gateway) : S3Conformance
{
    protected override Task<S3Server> StartAsync() => S3Server.RadosGatewayAsync(gateway);
}

/// <summary>The same, to write files into.</summary>
[Collection("environment variables")]
public sealed class RadosStagingSinkConformance(RadosGateway gateway) : S3StagingSinkConformance
{
    protected override Task<S3Server> StartAsync() => S3Server.RadosGatewayAsync(gateway);
}

/// <summary>The same, to keep state in.</summary>
[Collection("environment variables")]
public sealed class RadosStateStoreConformance(RadosGateway gateway) : S3StateStoreConformance
{
    protected override Task<S3Server> StartAsync() => S3Server.RadosGatewayAsync(gateway);
}

/// <summary>Files of one request and of several there.</summary>
[Collection("environment variables")]
public sealed class RadosTargetTests(RadosGateway gateway) : S3TargetTests
{
    protected override Task<S3Server> StartAsync(string folder) => S3Server.RadosGatewayAsync(gateway);
}
