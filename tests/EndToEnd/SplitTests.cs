using System.Globalization;
using System.Text;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>Large objects are read in parts, side by side; where a part starts cannot be seen, and the rows are exact all the same.</summary>
public sealed class SplitTests : CloudTests
{
    private const int SplitBytes = 64_000;
    [Fact]
    public async Task AnObjectWithQuotedLinesAtEverySplitEndsWithExactRows()
    {
        var text = new StringBuilder("id,note\n");
        var (rows, sum, length) = (0L, 0L, 0L);
        void Row(string note)
        {
            text.Append(CultureInfo.InvariantCulture, $"{rows},\"{note}\"\n");
            sum += rows++;
            length += note.Length;
        }

        for (var split = 1; split <= 6; split++)
        {
            while (text.Length < (split * SplitBytes) - 200)
                Row("plain");
            // The split begins in a quoted field, at a line that reads like a row.
            Row(new string('x', (split * SplitBytes) - text.Length - rows.ToString(CultureInfo.InvariantCulture).Length - 2) + "\n7,seven\n8,eight\n9,nine\n");
        }

        Workspace.Write("data/acme/in/boundaries.csv", text.ToString());
        await AssertTableAsync(rows, sum, length);
    }

    [Fact]
    public async Task AnObjectOfQuotedTextThatReadsLikeRowsEndsWithExactRows()
    {
        var text = new StringBuilder("id,note\n1,plain\n");
        var (rows, sum, length) = (1L, 1L, 5L);
        for (var id = 2; id < 5; id++)
        {
            var note = string.Concat(Enumerable.Range(0, 15_000).Select(i => $"{i},line\n"));
            text.Append(CultureInfo.InvariantCulture, $"{id},\"{note}\"\n");
            (rows, sum, length) = (rows + 1, sum + id, length + note.Length);
        }

        Workspace.Write("data/acme/in/quoted.csv", text.ToString());
        await AssertTableAsync(rows, sum, length);
    }

    [Fact]
    public async Task ARunThatIsKilledBetweenSplitsIsTakenUpAgain()
    {
        const int Rows = 100_000;
        Workspace.Write("in/big.csv", "id,note\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => $"{i},\"line\n{i},two\"\n")));
        Workspace.Write("p.yaml", """
            name: killed
            source: { file: { path: in/big.csv } }
            transforms: [ csv: { split_size: 64kB } ]
            sinks:
              - file: { path: staged, format: parquet }
              - duckdb: { database: out.duckdb, table: t }
            state: { folder: { path: state } }
            """);
        using (var process = Workspace.StartEtl("run", "p.yaml", "--parallelism", "1"))
        {
            while (!Directory.Exists(Workspace.PathOf("state")) || Directory.GetFiles(Workspace.PathOf("state"), "split-*.json", SearchOption.AllDirectories).Length < 3)
            {
                Assert.False(process.HasExited, "the run ended before it was killed");
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var again = await Workspace.SucceedAsync("run", "p.yaml");

        Assert.Contains($"{Rows:N0} read = {Rows:N0} loaded + 0 rejected", again.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Workspace.PathOf("state"), "manifest.json", SearchOption.AllDirectories));
    }

    private async Task AssertTableAsync(long rows, long sum, long length)
    {
        Workspace.Write("p.yaml", """
            name: parts
            google: { credentials: "${GOOGLE_WIF_CONFIG:-wif.json}" }
            source: { s3: { bucket: acme, prefix: in/ } }
            transforms: [ csv: { split_size: 64kB } ]
            sinks:
              - gcs: { bucket: parts-staging }
              - bigquery: { project: proj-ect, dataset: parts, table: t }
            """);

        var run = await Workspace.SucceedAsync("run", "p.yaml");
        var query = await Workspace.SucceedAsync("query", "SELECT COUNT(*) AS n, SUM(id) AS s, SUM(LENGTH(note)) AS l FROM `proj-ect.parts.t`");

        Assert.Matches(@"objects +1 in \d+ splits", run.Output);
        Assert.Contains($"{rows:N0} read = {rows:N0} loaded + 0 rejected", run.Output, StringComparison.Ordinal);
        Assert.Matches(string.Create(CultureInfo.InvariantCulture, $@"│ +{rows} │ +{sum} │ +{length} │"), query.Output);
    }
}
