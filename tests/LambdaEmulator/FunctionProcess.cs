using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Etl.LambdaEmulator;

/// <summary>One sandbox: a process of the function. It is frozen while it waits for an event, and thawed when there is one.</summary>
internal sealed class FunctionProcess : IDisposable
{
    private const int Continue = 18, Stop = 19; // SIGCONT, SIGSTOP
    private readonly Process process;
    private readonly Lock gate = new();
    private TaskCompletionSource<HttpListenerContext> next = New<HttpListenerContext>();
    private TaskCompletionSource<(Ending, string)> end = New<(Ending, string)>();
    private bool frozen;

    public FunctionProcess(FunctionSetup setup, string address, Action<string> log)
    {
        var start = new ProcessStartInfo(setup.Program, setup.Arguments) { WorkingDirectory = setup.Folder, RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("AWS_", StringComparison.Ordinal) || k.StartsWith("GOOGLE_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        foreach (var (name, value) in setup.Environment) start.Environment[name] = value;
        start.Environment["AWS_LAMBDA_RUNTIME_API"] = address;
        start.Environment["AWS_LAMBDA_FUNCTION_NAME"] = "etl";
        start.Environment["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST";
        start.Environment["LAMBDA_TASK_ROOT"] = setup.Folder;
        start.Environment["_HANDLER"] = "handler";
        start.Environment["TZ"] = ":UTC";
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => log(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => log(line.Data ?? "");
        process.Exited += (_, _) => end.TrySetResult((Ready ? Ending.Exited : Ending.InitFailed, ""));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    /// <summary>The processor time it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Whether it ever asked for an event.</summary>
    public bool Ready { get; private set; }

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>It asks for an event: it is frozen until there is one.</summary>
    public void Waits(HttpListenerContext request)
    {
        lock (gate)
        {
            Ready = true;
            frozen = Signal(Stop);
            next.TrySetResult(request);
        }
    }

    /// <summary>It said how an event, or its start, ended.</summary>
    public void Says(Ending ending, string body) => end.TrySetResult((ending, body));

    /// <summary>Waits until it asks for an event, or ends.</summary>
    public async Task<(Ending, string)?> ReadyAsync(TimeSpan patience)
    {
        var first = await Task.WhenAny(next.Task, end.Task).WaitAsync(patience);
        return first == end.Task ? await end.Task : null;
    }

    /// <summary>Thaws it and hands it an event.</summary>
    public async Task DeliverAsync(string requestId, DateTimeOffset deadline, byte[] payload)
    {
        var request = await next.Task;
        lock (gate)
        {
            next = New<HttpListenerContext>();
            if (frozen) Signal(Continue);
            frozen = false;
        }

        var headers = request.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = requestId;
        headers["Lambda-Runtime-Deadline-Ms"] = deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = "arn:aws:lambda:ap-northeast-1:123456789012:function:etl";
        headers["Lambda-Runtime-Trace-Id"] = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";
        request.Response.ContentType = "application/json";
        request.Response.ContentLength64 = payload.Length;
        await request.Response.OutputStream.WriteAsync(payload);
        request.Response.Close();
    }

    /// <summary>Waits for what it says of the event; after <paramref name="time"/> it is killed.</summary>
    public async Task<(Ending Ending, string Body)> EndAsync(TimeSpan time)
    {
        try
        {
            var said = await end.Task.WaitAsync(time);
            // What comes now is about the next event.
            end = New<(Ending, string)>();
            if (process.HasExited) end.TrySetResult((Ending.Exited, ""));
            return said;
        }
        catch (TimeoutException)
        {
            Kill();
            return (Ending.TimedOut, "");
        }
    }

    /// <summary>Kills it, as Lambda ends a sandbox.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited) Kill();
        process.Dispose();
    }

    private bool Signal(int signal) => kill(process.Id, signal) == 0;

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
