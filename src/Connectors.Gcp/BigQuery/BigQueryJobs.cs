using System.Net;
using Etl.Connectors.Gcp.BigQuery.Client;
using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Google;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>Runs a job once whatever happens: its id is given, so asking again finds it. A failed job's id is spent; the next attempt has the next suffix, which every caller finds alike.</summary>
internal sealed class BigQueryJobs(IBigQueryService service, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>The job called <paramref name="id"/>, or its next attempt, when it is done: well or not. <paramref name="isOurs"/> tells it from another sink's job of the same run.</summary>
    public async Task<Job> RunAsync(string project, string? location, string id, JobConfiguration configuration, Func<Job, bool> isOurs, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var reference = new JobReference { ProjectId = project, Location = location, JobId = attempt == 1 ? id : $"{id}_{attempt}" };
            var job = await FindAsync(reference, cancel).ConfigureAwait(false);
            if (job is not null)
            {
                if (!isOurs(job)) continue;
                job = await WaitAsync(reference, job, cancel).ConfigureAwait(false);
                if (job.Status?.ErrorResult is null) return job;
                continue;
            }
            job = await InsertAsync(new Job { JobReference = reference, Configuration = configuration }, cancel).ConfigureAwait(false);
            if (!isOurs(job)) continue;
            return await WaitAsync(reference, job, cancel).ConfigureAwait(false);
        }
    }

    private async Task<Job?> FindAsync(JobReference reference, CancellationToken cancel)
    {
        try
        {
            return await service.GetJobAsync(reference, cancel).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<Job> InsertAsync(Job job, CancellationToken cancel)
    {
        try
        {
            return await service.InsertJobAsync(job, cancel).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.Conflict)
        {
            // Another process asked first, or the answer to our own first try was lost.
            return await service.GetJobAsync(job.JobReference!, cancel).ConfigureAwait(false);
        }
    }

    private async Task<Job> WaitAsync(JobReference reference, Job job, CancellationToken cancel)
    {
        for (var wait = FirstWait; job.Status?.State != "DONE"; wait = wait * 2 > LongestWait ? LongestWait : wait * 2)
        {
            await Task.Delay(wait, time, cancel).ConfigureAwait(false);
            job = await service.GetJobAsync(reference, cancel).ConfigureAwait(false);
        }
        return job;
    }
}
