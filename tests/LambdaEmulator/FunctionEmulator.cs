using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;

namespace Etl.LambdaEmulator;

/// <summary>
/// A Lambda function on this machine: the Runtime API on loopback (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) and one sandbox at a time. It does
/// to the process what Lambda does: starts it for the first event, freezes it between events, hands it the next one, and kills it when its time is over.
/// </summary>
public sealed class FunctionEmulator : IAsyncDisposable
{
    private readonly FunctionSetup setup;
    private readonly HttpListener listener;
    private readonly string address;
    private readonly Task serving;
    private readonly ConcurrentQueue<string> log = new();
    private FunctionProcess? process;
    private string? current;

    /// <summary>A function that nobody invoked yet.</summary>
    public FunctionEmulator(FunctionSetup setup)
    {
        this.setup = setup;
        (listener, address) = Loopback.Listen();
        serving = ServeAsync();
    }

    /// <summary>What its processes wrote.</summary>
    public string Log => string.Join('\n', log);

    /// <summary>How many processes were started.</summary>
    public int Starts { get; private set; }

    /// <summary>The exit code of the process that ended last.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>The processor time that the process at work has used.</summary>
    public TimeSpan ProcessorTime => process?.ProcessorTime ?? TimeSpan.Zero;

    /// <summary>Invokes it and waits for the end. One at a time.</summary>
    /// <param name="payload">The event.</param>
    /// <param name="killAfter">When the process is killed though its deadline is later; null for the deadline.</param>
    public async Task<Outcome> InvokeAsync(string payload, TimeSpan? killAfter = null)
    {
        if (process is null or { HasExited: true })
        {
            process?.Dispose();
            process = new FunctionProcess(setup, address, log.Enqueue);
            Starts++;
        }

        if (await process.ReadyAsync(setup.InitTimeout) is var (failure, said))
        {
            Stopwatch wait = Stopwatch.StartNew();
            while (!process.HasExited && wait.Elapsed < TimeSpan.FromSeconds(10)) await Task.Delay(10);
            return Ended(new Outcome(failure, said, process.Id, TimeSpan.Zero));
        }

        current = Guid.NewGuid().ToString();
        var started = Stopwatch.GetTimestamp();
        await process.DeliverAsync(current, TimeProvider.System.GetUtcNow() + setup.Timeout, Encoding.UTF8.GetBytes(payload));
        var (ending, body) = await process.EndAsync(killAfter ?? setup.Timeout);
        return Ended(new Outcome(ending, body, process.Id, Stopwatch.GetElapsedTime(started)));
    }

    /// <summary>Ends the sandbox, as Lambda does when it wants to; the next event starts another.</summary>
    public void Recycle() => process?.Kill();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        process?.Dispose();
        listener.Stop();
        await serving;
        listener.Close();
    }

    private Outcome Ended(Outcome outcome)
    {
        if (process!.HasExited) ExitCode = process.ExitCode;
        return outcome;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) await AnswerAsync(await listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var path = context.Request.Url!.AbsolutePath;
        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        switch (context.Request.HttpMethod, path)
        {
            case ("GET", "/2018-06-01/runtime/invocation/next"):
                process!.Waits(context);
                return;
            case ("POST", "/2018-06-01/runtime/init/error"):
                Close(context, 202);
                process!.Says(Ending.InitFailed, body);
                return;
            case ("POST", _) when path == $"/2018-06-01/runtime/invocation/{current}/response":
                Close(context, 202);
                process!.Says(Ending.Answered, body);
                return;
            case ("POST", _) when path == $"/2018-06-01/runtime/invocation/{current}/error":
                Close(context, 202);
                process!.Says(Ending.Failed, body);
                return;
            default:
                Close(context, 400);
                return;
        }
    }

    private static void Close(HttpListenerContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Close();
    }
}
