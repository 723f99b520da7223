using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Etl.Connectors.Gcp.BigQuery.Client;
using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Core.Runs;
using Etl.Core.State;
using Google;
using Microsoft.Extensions.Logging;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>The tables that hold a run's rows until they are in the target. Their names follow from pipeline, run, target and attempt; they expire by themselves.</summary>
internal sealed partial class TemporaryTables(IBigQueryService service, BigQueryOptions options, TimeProvider time, ILogger log)
{
    /// <summary>Longer than a load and a statement take (six hours each: https://cloud.google.com/bigquery/quotas), shorter than anybody wants to pay for.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    private readonly string target = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.Table)))[..8];

    /// <summary>The table of an attempt, counted from 1.</summary>
    public TableReference Named(RunManifest run, int attempt) =>
        new() { ProjectId = options.Project, DatasetId = options.Dataset, TableId = string.Create(CultureInfo.InvariantCulture, $"{Prefix(run.Pipeline)}{run.RunId}_{target}_{attempt}") };

    /// <summary>The table of an attempt; made when it is missing.</summary>
    public async Task<TableReference> EnsureAsync(RunManifest run, int attempt, CancellationToken cancel)
    {
        var reference = Named(run, attempt);
        try
        {
            await service.InsertTableAsync(
                new Table
                {
                    TableReference = reference,
                    Description = $"Rows of the run {run.RunId} of the pipeline {run.Pipeline} on their way into {options.Table}.",
                    Labels = BigQueryLoad.Labels(options),
                    Schema = BigQuerySchemas.ToApi(run.Schema),
                    ExpirationTime = (time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds(),
                },
                cancel).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.Conflict)
        {
            // An earlier process made it.
        }

        return reference;
    }

    /// <summary>Whether a table is one of this run and target.</summary>
    public bool IsOf(RunManifest run, TableReference? table) =>
        table is not null && table.DatasetId == options.Dataset && table.TableId!.StartsWith($"{Prefix(run.Pipeline)}{run.RunId}_{target}_", StringComparison.Ordinal);

    /// <summary>Whether a table is still there.</summary>
    public async Task<bool> ExistsAsync(TableReference table, CancellationToken cancel)
    {
        try
        {
            await service.GetTableAsync(table, cancel).ConfigureAwait(false);
            return true;
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Removes the tables of a run whose rows are in the target: that of the <paramref name="last"/> attempt, and those before it. That one cannot be removed does not fail the run: it expires.</summary>
    public async Task DropAsync(RunManifest run, TableReference? last, CancellationToken cancel)
    {
        var attempts = last is null ? 1 : int.Parse(last.TableId![(last.TableId!.LastIndexOf('_') + 1)..], CultureInfo.InvariantCulture);
        try
        {
            for (var attempt = 1; attempt <= attempts; attempt++) await DeleteAsync(Named(run, attempt).TableId!, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is GoogleApiException or HttpRequestException or IOException)
        {
            LogLeft(log, run.RunId, e.Message);
        }
    }

    /// <summary>Removes one; false when it is not there.</summary>
    public async Task<bool> DeleteAsync(string table, CancellationToken cancel)
    {
        try
        {
            await service.DeleteTableAsync(new TableReference { ProjectId = options.Project, DatasetId = options.Dataset, TableId = table }, cancel).ConfigureAwait(false);
            return true;
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Those of a pipeline's runs into this target that are there, as <c>pipeline/run/table</c>.</summary>
    public async IAsyncEnumerable<StoredObject> ListAsync(string pipeline, [EnumeratorCancellation] CancellationToken cancel)
    {
        var name = new Regex($"^{Regex.Escape(Prefix(pipeline))}(?<run>[0-9a-f]{{20}})_{target}_[0-9]+$");
        string? page = null;
        do
        {
            TableList list;
            try
            {
                list = await service.ListTablesAsync(new DatasetReference { ProjectId = options.Project, DatasetId = options.Dataset }, page, cancel).ConfigureAwait(false);
            }
            catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
            {
                yield break;
            }

            foreach (var table in list.Tables ?? [])
                if (table.TableReference?.TableId is { } id && name.Match(id) is { Success: true } match)
                    yield return new StoredObject($"{pipeline}/{match.Groups["run"].Value}/{id}", "", 0, DateTimeOffset.FromUnixTimeMilliseconds(table.CreationTime ?? 0));
            page = list.NextPageToken;
        }
        while (!string.IsNullOrEmpty(page));
    }

    private static string Prefix(string pipeline) => $"etl_tmp_{NotInNames().Replace(pipeline, "-")}_";

    [GeneratedRegex("[^A-Za-z0-9_-]+")]
    private static partial Regex NotInNames();

    [LoggerMessage(LogLevel.Warning, "A temporary table of run {Run} could not be removed and will expire: {Reason}")]
    private static partial void LogLeft(ILogger log, string run, string reason);
}
