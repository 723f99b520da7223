using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Etl.Connectors.Gcp.BigQuery.Client;
using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Etl.Core.Errors;
using Google;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>Runs a query and reads its rows page by page, for a person to look at.</summary>
public sealed class BigQueryReader : IDisposable
{
    private const int PageSize = 1000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);
    private readonly IBigQueryService service;
    private readonly string project;
    private readonly string? location;

    /// <summary>A reader that runs its queries in <paramref name="project"/>.</summary>
    public BigQueryReader(ConnectorContext context, string project, string? location = null)
        : this(BigQueryService.Create(GoogleSession.Of(context)), project, location)
    {
    }

    internal BigQueryReader(IBigQueryService service, string project, string? location)
    {
        this.service = service;
        this.project = project;
        this.location = location;
    }

    /// <summary>Runs <paramref name="sql"/> (GoogleSQL) and waits until it is done.</summary>
    /// <exception cref="ServiceException">BigQuery refused it or failed.</exception>
    public async Task<QueryResult> QueryAsync(string sql, CancellationToken cancel)
    {
        try
        {
            var reference = new JobReference { ProjectId = project, Location = location, JobId = $"etl_query_{Guid.NewGuid():N}" };
            var job = await StartAsync(new Job { JobReference = reference, Configuration = new JobConfiguration { Query = new JobConfigurationQuery { Query = sql, UseLegacySql = false } } }, cancel).ConfigureAwait(false);
            var first = await PageAsync(job.JobReference!, null, cancel).ConfigureAwait(false);
            while (first.JobComplete != true) first = await PageAsync(job.JobReference!, null, cancel).ConfigureAwait(false);
            var columns = (first.Schema?.Fields ?? []).Select(f => new QueryColumn(f.Name ?? "", f.Type ?? "STRING")).ToList();
            return new QueryResult(columns, (long)(first.TotalRows ?? 0), RowsAsync(job.JobReference!, first, columns, cancel));
        }
        catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
        {
            throw BigQueryErrors.Explain(e, $"project {project}", "query");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => service.Dispose();

    private async Task<Job> StartAsync(Job job, CancellationToken cancel)
    {
        try
        {
            return await service.InsertJobAsync(job, cancel).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.Conflict)
        {
            // Nobody else has this id: the answer to the first try was lost.
            return job;
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<string?>> RowsAsync(JobReference job, GetQueryResultsResponse page, List<QueryColumn> columns, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            foreach (var row in page.Rows ?? [])
                yield return [.. (row.F ?? []).Select((cell, i) => Show(cell.V, columns[i].Type))];
            if (string.IsNullOrEmpty(page.PageToken)) yield break;
            page = await PageAsync(job, page.PageToken, cancel).ConfigureAwait(false);
        }
    }

    private Task<GetQueryResultsResponse> PageAsync(JobReference job, string? token, CancellationToken cancel) =>
        service.GetQueryResultsAsync(job, token, PageSize, Wait, cancel);

    /// <summary>Every scalar comes as text; a TIMESTAMP as microseconds since 1970.</summary>
    private static string? Show(object? value, string type) => value switch
    {
        null => null,
        JToken { Type: JTokenType.Null } => null,
        JToken token => token.ToString(Formatting.None),
        _ when type == "TIMESTAMP" && long.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var micros) =>
            DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-dd HH:mm:ss.FFFFFF 'UTC'", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}

/// <summary>A query's answer.</summary>
/// <param name="Columns">The columns, in order.</param>
/// <param name="TotalRows">How many rows there are.</param>
/// <param name="Rows">The rows, each value as text or null. Read once, forward.</param>
public sealed record QueryResult(IReadOnlyList<QueryColumn> Columns, long TotalRows, IAsyncEnumerable<IReadOnlyList<string?>> Rows);

/// <summary>A column of a query's answer.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">BigQuery's name of the type.</param>
public sealed record QueryColumn(string Name, string Type);
