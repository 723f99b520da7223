using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.Core.Schemas;
using Xunit;

namespace Etl.Core.Tests.Pipelines;

public sealed class PipelineFileTests
{
    private const string Good = """
        name: orders
        cloud: { credentials: "${CREDENTIALS:-wif.json}" }
        source:
          bucket: { bucket: acme, path_style: true, endpoint: "http://localhost:9000" }
        transforms:
          - text:
              lines: ${LINES}
              header: auto
              rejects: { max: 0.1% }
              columns:
                - { name: id, type: INT64 }
                - { name: at, type: timestamp }
          - upper
        sinks:
          - store:
          - table: { table: sales, write: replace, labels: { team: core }, key: [a, b] }
        """;

    private readonly Dictionary<string, string> environment = new() { ["LINES"] = "25" };

    [Fact]
    public void AGoodFileIsBoundToItsOptions()
    {
        var pipeline = Parse(Good);

        Assert.Equal("orders", pipeline.Name);
        Assert.Equal("wif.json", ((CloudOptions)pipeline.Settings[typeof(CloudOptions)]).Credentials);
        var source = (BucketOptions)pipeline.Source.Options;
        Assert.Equal(("acme", true, new Uri("http://localhost:9000")), (source.Bucket, source.PathStyle, source.Endpoint));
        var text = (TextOptions)pipeline.Parser.Options;
        Assert.Equal((25, null, 0.001m), (text.Lines, text.Header, text.Rejects.Max.Share));
        Assert.Equal([("id", ColumnType.Int64), ("at", ColumnType.Timestamp)], text.Columns.Select(c => (c.Name, c.Type)));
        Assert.Equal("upper", Assert.Single(pipeline.Transforms).Connector.Name);
        Assert.Equal("store", pipeline.Staging.Connector.Name);
        var table = (TableOptions)Assert.Single(pipeline.Loads).Options;
        Assert.Equal(WriteDisposition.Replace, table.Write);
        Assert.Equal("core", table.Labels["team"]);
        Assert.Equal(["a", "b"], table.Key);
    }

    [Fact]
    public void NullInAListOfTextsIsAText() =>
        Assert.Equal(["NULL", "~", ""], ((TableOptions)Parse(Good.Replace("[a, b]", "[NULL, ~, \"\"]", StringComparison.Ordinal)).Loads[0].Options).Key);

    [Fact]
    public void EveryErrorIsReportedAtOnceWithItsPlace()
    {
        var errors = Errors("""
            name: orders
            source:
              bucket: { buckett: acme, path_style: maybe }
            transforms:
              - text: { lines: many }
            sinks:
              - store: {}
              - tabel: { table: t }
            extra: 1
            """);

        Assert.Equal(
            [
                "p.yaml:3:11: bucket needs \"bucket\": the bucket's name",
                "p.yaml:3:13: unknown key \"buckett\" in bucket; did you mean \"bucket\"?",
                "p.yaml:3:40: bucket.path_style must be true or false",
                "p.yaml:5:20: text.lines must be a whole number",
                "p.yaml:8:5: there is no sink called \"tabel\"; did you mean \"table\"?",
                "p.yaml:9:1: unknown key \"extra\"; known here: name, description, source, transforms, sinks, metadata, incremental, assert, state, plugins, cloud",
            ],
            errors);
    }

    [Theory]
    [InlineData("lines: ${LINES}", "lines: ${NO_SUCH}", "p.yaml:7:14: the environment variable NO_SUCH is not set; set it, or give a default: ${NO_SUCH:-default}")]
    [InlineData("lines: ${LINES}", "lines: 0", "p.yaml:7:14: The field lines must be between 1 and 1000.")]
    [InlineData("max: 0.1%", "max: lots", "p.yaml:9:23: text.rejects.max must be a count such as 100, or a share of the rows such as 0.1%")]
    [InlineData("type: INT64", "type: INTT64", "p.yaml:11:29: text.columns[0].type must be one of INT64, FLOAT64, NUMERIC, BIGNUMERIC, BOOL, DATE, DATETIME, TIMESTAMP, TIME, STRING; did you mean \"INT64\"?")]
    [InlineData("write: replace", "write: replce", "p.yaml:16:35: table.write must be one of append, replace, merge, replace_partitions; did you mean \"replace\"?")]
    [InlineData("key: [a, b]", "key: [a, b, c, d]", "p.yaml:16:73: table: at most three key columns")]
    [InlineData("key: [a, b]", "key: a", "p.yaml:16:73: table.key must be a list, such as [a, b]")]
    [InlineData("  - upper", "  - text", "p.yaml:13:5: text is a parser and can only stand first")]
    [InlineData("  - store:", "  - disk:", "p.yaml:16:5: table loads mem:// files, but the staging sink disk writes file://")]
    [InlineData("  - store:", "  - store:\n  - disk:", "p.yaml:16:5: a pipeline stages in one place: remove this sink or the other staging sink")]
    [InlineData("name: orders", "name: 1 order", "p.yaml:1:7: name must start with a letter and hold only letters, digits, - and _, 63 at most: it becomes part of object names and job ids")]
    [InlineData("name: orders", "name: orders\nname: twice", "p.yaml:2:1: this is not YAML: Duplicate key name")]
    public void AMistakeIsNamedWithItsPlace(string right, string wrong, string expected)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);

        Assert.Equal([expected], Errors(Good.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "p.yaml:1:1: the file is empty; a pipeline needs name, source, transforms and sinks")]
    [InlineData("- a", "p.yaml:1:1: a pipeline is a mapping with the keys name, source, transforms and sinks")]
    [InlineData("name: a\n---\nname: b", "p.yaml:1:1: a file holds one pipeline; this one holds several YAML documents")]
    public void AFileThatIsNoPipelineIsRefused(string text, string expected) => Assert.Equal([expected], Errors(text));

    [Fact]
    public void AFileThatIsNotThereIsNamed()
    {
        var error = Assert.Throws<PipelineFileException>(() => new PipelineFile(TestConnectors.Registry(), _ => null).Read("no/such.yaml"));

        Assert.Equal("no/such.yaml:1:1: there is no such file; check the path", error.Message);
    }

    [Fact]
    public void ABombOfAliasesIsRefused()
    {
        var bomb = string.Join('\n', Enumerable.Range(1, 9).Select(i => $"      - &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]"));
        var text = Good.Replace("columns:", $"columns:\n      - &a0 {{ name: x }}\n{bomb}", StringComparison.Ordinal).Replace("          columns:", "    columns:", StringComparison.Ordinal);

        Assert.ThrowsAny<EtlException>(() => Parse(text));
    }

    private PipelineDefinition Parse(string text) => new PipelineFile(TestConnectors.Registry(), name => environment.GetValueOrDefault(name)).Parse("p.yaml", text);

    private IEnumerable<string> Errors(string text) => Assert.Throws<PipelineFileException>(() => Parse(text)).Errors.Select(e => e.ToString());

    [Theory]
    [InlineData("incremental: watermark", IncrementalMode.Watermark, WatermarkBy.Key, null)]
    [InlineData("incremental: { mode: watermark, by: modified, lookback: 2h }", IncrementalMode.Watermark, WatermarkBy.Modified, null)]
    [InlineData("incremental: { changed: skip }", null, WatermarkBy.Key, ChangedObject.Skip)]
    public void WhichObjectsARunReadsIsTheModeAloneOrWithOptions(string yaml, IncrementalMode? mode, WatermarkBy by, ChangedObject? changed)
    {
        var incremental = Parse(Good.Replace("write: replace", "write: append", StringComparison.Ordinal) + "\n" + yaml).Incremental;

        Assert.Equal((mode, by, changed), (incremental.Mode, incremental.By, incremental.Changed));
        Assert.Equal(yaml.Contains("2h", StringComparison.Ordinal) ? TimeSpan.FromHours(2) : TimeSpan.FromDays(1), incremental.Lookback.Value);
    }

    [Theory]
    [InlineData("replace", "objects", "nothing but the newest objects' rows")]
    [InlineData("replace", "{ mode: watermark }", "nothing but the newest objects' rows")]
    [InlineData("append", "full", "added again each time")]
    [InlineData("append", "everything", "incremental.mode must be one of objects, watermark, full")]
    [InlineData("append", "{ changed: replaced }", "incremental.changed must be one of error, skip, replace, load")]
    [InlineData("append", "{ changed: replace }", "add `metadata: [object]`")]
    [InlineData("append", "{ changed: load }", "they would be there twice")]
    [InlineData("replace", "{ changed: replace }", "changed: replace goes with write: append")]
    [InlineData("merge", "{ changed: replace }", "changed: replace goes with write: append")]
    [InlineData("append", "{ lookback: soon }", "must be a duration such as 90s, 10m, 1h30m or 7d")]
    public void IncrementalModesThatDoNotGoWithTheSinkAreRefused(string write, string incremental, string message)
    {
        var error = Assert.Single(Errors(Good.Replace("write: replace", "write: " + write, StringComparison.Ordinal) + "\nincremental: " + incremental));

        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("append", "{ mode: objects, changed: replace }\nmetadata: [object]")]
    [InlineData("merge", "full")]
    [InlineData("merge", "watermark")]
    [InlineData("replace_partitions", "objects")]
    [InlineData("replace_partitions", "{ changed: load }")]
    public void ModesThatNeitherLoseNorDoubleRowsGoTogether(string write, string incremental) =>
        Assert.NotNull(Parse(Good.Replace("write: replace", "write: " + write, StringComparison.Ordinal) + "\nincremental: " + incremental));

    [Fact]
    public void AListOfMetadataHasUsualNamesAndAMappingHasItsOwn()
    {
        var list = Parse(Good + "\nmetadata: [object, line, loaded_at]").Metadata;
        var map = Parse(Good + "\nmetadata: { run_id: load_id, object: from_object }").Metadata;

        Assert.Equal(new MetadataOptions { Object = "_etl_object", Line = "_etl_line", LoadedAt = "_etl_loaded_at" }, list);
        Assert.Equal(new MetadataOptions { RunId = "load_id", Object = "from_object" }, map);
        Assert.Contains("metadata has no \"lines\"; did you mean \"line\"?", Assert.Single(Errors(Good + "\nmetadata: [lines]")), StringComparison.Ordinal);
        Assert.Contains("A column's name has letters", Assert.Single(Errors(Good + "\nmetadata: { object: 'a b' }")), StringComparison.Ordinal);
    }
}
