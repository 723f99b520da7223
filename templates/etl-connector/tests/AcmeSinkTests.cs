using System.Text.Json;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Testing;

namespace Acme.Tests;

/// <summary>What every load sink must do. Add your own tests beside it.</summary>
public sealed class AcmeSinkTests : LoadSinkConformance
{
    protected override Type OptionsType => typeof(AcmeSinkOptions);

    protected override StagingEncoding Encoding => new(StagingFormat.Ndjson, StagingCompression.Auto);

    protected override ILoadSink CreateSink(WriteDisposition write) => new AcmeSink(new AcmeSinkOptions { Folder = "table", Write = write }, Context);

    protected override async Task<IReadOnlyList<IReadOnlyList<object?>>> ReadAsync(TableSchema schema)
    {
        var table = Path.Combine(Folder.Path, "table", "table.json");
        if (!File.Exists(table)) return [];
        var rows = new List<object?[]>();
        foreach (var run in JsonSerializer.Deserialize<Dictionary<string, long>>(await File.ReadAllBytesAsync(table, Cancel))!.Keys)
            foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Folder.Path, "table", run + ".ndjson"), Cancel))
            {
                using var row = JsonDocument.Parse(line);
                rows.Add([.. schema.Columns.Select(c => row.RootElement.TryGetProperty(c.Name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null)]);
            }

        return rows;
    }
}
