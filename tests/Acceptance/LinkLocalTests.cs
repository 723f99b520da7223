using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>The homes whose endpoints have fixed addresses, at those very addresses: in a network namespace that has them, with the variables that AWS sets and no other.</summary>
public sealed class LinkLocalTests : IDisposable
{
    private readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Theory]
    [InlineData("Ecs", "169.254.170.2", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/")]
    [InlineData("PodIdentity", "169.254.170.23", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials")]
    [InlineData("Ec2", "169.254.169.254", "AWS_EC2_METADATA_DISABLED=false")]
    public async Task TheRowsArriveWithCredentialsFromTheRealAddress(string home, string address, string variable)
    {
        var unshare = OutsideProgram.Require("unshare");
        OutsideProgram.Require("ip");
        var probe = await workspace.RunAsync(unshare, "--user", "--map-root-user", "--net", "true");
        OutsideProgram.RequireThat(probe.ExitCode == 0, "this machine lets no user make a network namespace");
        HomesTests.WritePipeline(workspace);
        workspace.Write("run.sh", $$"""
            set -eu
            ip link set lo up
            ip addr add {{address}}/32 dev lo
            dotnet "$1" local-cloud --data data --home {{home}} --link-local > environment 2> log &
            cloud=$!
            trap 'kill $cloud; wait $cloud || true' EXIT
            until grep -q 'is up' log; do kill -0 $cloud || { cat log >&2; exit 1; }; sleep 0.1; done
            . ./environment
            env | grep '^AWS_'
            dotnet "$1" run p.yaml
            dotnet "$1" query 'SELECT COUNT(*) AS n, SUM(id) AS s FROM `proj-ect.homes.t`' --pipeline p.yaml
            """);

        var run = await workspace.RunAsync(unshare, "--user", "--map-root-user", "--net", "sh", "run.sh", Workspace.Etl);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains(variable, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("AWS_ACCESS_KEY_ID", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("METADATA_SERVICE_ENDPOINT", run.Output, StringComparison.Ordinal);
        Assert.Contains("3 read = 3 loaded", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"3 │ +6 │", run.Output);
    }
}
