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

    /// <summary>The job called <paramref name="name"/>, or its next attempt, when it is done: well or not.</summary>
    public Task<Job> RunAsync(JobName name, JobConfiguration configuration, CancellationToken cancel) => RunAsync(name, _ => Task.FromResult(configuration), cancel);

    /// <summary>The same, asking what to run only when it was not done yet.</summary>
    public Task<Job> RunAsync(JobName name, Func<int, Task<JobConfiguration>> configure, CancellationToken cancel) => RunAsync(name, configure, _ => Task.FromResult(true), cancel);

    /// <summary>The same, for a job whose result may be lost again: one whose result does not <paramref name="last"/> is spent as a failed one is.</summary>
    public async Task<Job> RunAsync(JobName name, Func<int, Task<JobConfiguration>> configure, Func<Job, Task<bool>> last, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var reference = name.Attempt(attempt);
            var job = await FindAsync(reference, cancel).ConfigureAwait(false);
            if (job is not null)
            {
                if (!name.IsOurs(job)) continue;
                job = await WaitAsync(reference, job, cancel).ConfigureAwait(false);
                if (job.Status?.ErrorResult is null && await last(job).ConfigureAwait(false)) return job;
                continue;
            }

            job = await InsertAsync(new Job { JobReference = reference, Configuration = await configure(attempt).ConfigureAwait(false) }, cancel).ConfigureAwait(false);
            if (!name.IsOurs(job)) continue;
            return await WaitAsync(reference, job, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>The last attempt that was done well; null when there is none.</summary>
    public async Task<Job?> FindDoneAsync(JobName name, CancellationToken cancel)
    {
        Job? done = null;
        for (var attempt = 1; await FindAsync(name.Attempt(attempt), cancel).ConfigureAwait(false) is { } job; attempt++)
            if (name.IsOurs(job) && job.Status is { State: "DONE", ErrorResult: null })
                done = job;
        return done;
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
