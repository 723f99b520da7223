using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Core.State;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Core.Engine;

/// <summary>Adds the columns that say where each row comes from, between parser and transforms. What they hold follows from manifest, object and row alone, so staging twice gives the same bytes.</summary>
internal sealed class MetadataColumns
{
    private readonly TableSchema all;
    private readonly Schema arrow;
    private readonly string runId;
    private readonly DateTimeOffset? began;

    /// <param name="all">The columns with those of <see cref="Add"/>.</param>
    /// <param name="runId">The run.</param>
    /// <param name="began">When it began; needed only where a column says so.</param>
    public MetadataColumns(TableSchema all, string runId, DateTimeOffset? began)
    {
        (this.all, this.runId, this.began) = (all, runId, began);
        Parsed = new TableSchema([.. all.Columns.Where(c => c.Metadata is null)]);
        arrow = all.ToArrow();
    }

    /// <summary>Those of a run, whose beginning is looked up where a column says it.</summary>
    public static async Task<MetadataColumns> OfAsync(RunManifest run, RunRecords records, TimeProvider time, CancellationToken cancel) => new(
        run.SourceSchema, run.RunId, run.SourceSchema.Find(RowOrigin.LoadedAt) is null ? null : await records.BeginAsync(run.RunId, time.GetUtcNow(), cancel).ConfigureAwait(false));

    /// <summary>The columns that the parser gives.</summary>
    public TableSchema Parsed { get; }

    /// <summary>Whether the parser has to say where rows are.</summary>
    public bool WantsPlaces => all.Columns.Any(c => c.Metadata is RowOrigin.Line or RowOrigin.Offset);

    /// <summary>The columns of the data, and after them those that <paramref name="options"/> ask for.</summary>
    /// <exception cref="DataException">The data has a column of that name.</exception>
    public static TableSchema Add(TableSchema parsed, MetadataOptions options)
    {
        (string? Name, RowOrigin Origin, ColumnType Type)[] wanted =
        [
            (options.Object, RowOrigin.Object, ColumnType.String),
            (options.Entry, RowOrigin.Entry, ColumnType.String),
            (options.Line, RowOrigin.Line, ColumnType.Int64),
            (options.Offset, RowOrigin.Offset, ColumnType.Int64),
            (options.RunId, RowOrigin.Run, ColumnType.String),
            (options.LoadedAt, RowOrigin.LoadedAt, ColumnType.Timestamp),
        ];
        var columns = parsed.Columns.ToList();
        foreach (var (name, origin, type) in wanted)
        {
            if (name is null) continue;
            if (columns.Any(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                throw new DataException($"metadata: {Pipelines.OptionModel.YamlName(origin == RowOrigin.Run ? nameof(MetadataOptions.RunId) : origin.ToString())} is to be called {name}, and there is a column of that name. Give it another name: `metadata: {{ ... }}`.");
            columns.Add(new Column(name, type) { Metadata = origin });
        }

        return columns.Count == parsed.Columns.Count ? parsed : new TableSchema(columns);
    }

    /// <summary>The batch with its metadata columns; it takes over the one it is given.</summary>
    /// <param name="parsed">The columns of the data.</param>
    /// <param name="input">Where they are from.</param>
    /// <param name="places">Where the rows are; needed only where <see cref="WantsPlaces"/>.</param>
    public RecordBatch Attach(RecordBatch parsed, SplitInput input, IReadOnlyList<(long Line, long Offset)> places)
    {
        if (parsed.ColumnCount == all.Columns.Count) return parsed;
        var columns = new IArrowArray[all.Columns.Count];
        for (var (i, next) = (0, 0); i < columns.Length; i++)
            columns[i] = all.Columns[i].Metadata switch
            {
                null => parsed.Column(next++),
                RowOrigin.Object => Text(input.Object.Uri, parsed.Length),
                RowOrigin.Entry => Text(input.Entry, parsed.Length),
                RowOrigin.Run => Text(runId, parsed.Length),
                RowOrigin.Line => Numbers(places.Select(p => p.Line), parsed.Length),
                RowOrigin.Offset => Numbers(places.Select(p => p.Offset), parsed.Length),
                RowOrigin.LoadedAt => Times(began!.Value, parsed.Length),
                var origin => throw new InvalidOperationException($"No such origin: {origin}."),
            };
        return new RecordBatch(arrow, columns, parsed.Length);
    }

    private static StringArray Text(string? value, int rows)
    {
        var builder = new StringArray.Builder().Reserve(rows);
        for (var row = 0; row < rows; row++) builder.Append(value);
        return builder.Build();
    }

    private static Int64Array Numbers(IEnumerable<long> values, int rows) => new Int64Array.Builder().Reserve(rows).AppendRange(values).Build();

    private static TimestampArray Times(DateTimeOffset value, int rows)
    {
        var builder = new TimestampArray.Builder((Apache.Arrow.Types.TimestampType)ColumnType.Timestamp.ToArrow()).Reserve(rows);
        for (var row = 0; row < rows; row++) builder.Append(value);
        return builder.Build();
    }
}
