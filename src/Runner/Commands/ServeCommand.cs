using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using Etl.Runner.Hosting;
using Etl.Runner.Serve;
using Microsoft.Extensions.Logging;

namespace Etl.Runner.Commands;

/// <summary><c>etl serve PIPELINE...</c>: health, metrics, the last runs and a trigger over HTTP.</summary>
internal static class ServeCommand
{
    private const int ShortestToken = 16;

    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("pipeline") { Description = "The pipeline files.", Arity = ArgumentArity.OneOrMore };
        var listen = new Option<Uri>("--listen")
        {
            Description = "Where to listen. Anything but loopback needs ETL_SERVE_TOKEN, and a proxy that speaks TLS in front.",
            HelpName = "URL",
            DefaultValueFactory = _ => new Uri("http://127.0.0.1:8080"),
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp && url.PathAndQuery == "/" && IPAddress.TryParse(url.Host.Trim('[', ']'), out _)) return url;
                result.AddError($"--listen takes an address such as http://127.0.0.1:8080, not {result.Tokens[0].Value}.");
                return null;
            },
        };
        var parallelism = RunCommand.Parallelism();
        var command = new Command("serve", "Serves health, metrics, the last runs and a trigger over HTTP; a page shows them. No scheduler: something else says when.") { files, listen, parallelism };
        var local = new LocalOptions().AddTo(command);
        var lease = new LeaseOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            var url = parsed.GetRequiredValue(listen);
            var token = Token(url);
            var opened = new List<OpenedPipeline>();
            try
            {
                foreach (var file in parsed.GetRequiredValue(files)) opened.Add(await OpenedPipeline.OpenAsync(file, local, parsed, cancel));
                if (opened.GroupBy(o => o.Definition.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new UsageException($"Two of the pipeline files are called {twice.Key}. Give each a name of its own.");
                await ServeAsync(url, token.Value, token.Made, [.. opened.Select(o => new ServedPipeline(o, () => lease.Read(parsed, "serve"), parsed.GetValue(parallelism), cancel))], cancel);
            }
            finally
            {
                foreach (var pipeline in opened) await pipeline.DisposeAsync();
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task ServeAsync(Uri url, string token, bool made, IReadOnlyList<ServedPipeline> pipelines, CancellationToken cancel)
    {
        await using var app = ServeApp.Create(url, token, pipelines);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException e)
        {
            throw new UsageException($"{url} cannot be listened on: {e.Message} Name another with --listen.");
        }

        // A port of 0 becomes one that is free.
        var address = app.Urls.First();
        Messages.Write(LogLevel.Information, $"{string.Join(", ", pipelines.Select(p => p.Name))} at {address}. Ctrl-C ends it.", ("address", address));
        // A token that was made here is of use to nobody but who reads this; one that was given is not repeated.
        if (made) Messages.Write(LogLevel.Information, $"Look at it:  {address.TrimEnd('/')}/#token={token}");
        try
        {
            await Task.Delay(Timeout.Infinite, cancel);
        }
        catch (OperationCanceledException)
        {
            await app.StopAsync(CancellationToken.None);
            await Task.WhenAll(pipelines.Select(p => p.Finished));
        }
    }

    private static (string Value, bool Made) Token(Uri url)
    {
        if (Environment.GetEnvironmentVariable("ETL_SERVE_TOKEN") is { Length: > 0 } given)
            return given.Length >= ShortestToken ? (given, false) : throw new UsageException($"ETL_SERVE_TOKEN must have {ShortestToken} characters or more.");
        if (!url.IsLoopback) throw new UsageException($"{url} can be reached from elsewhere: set ETL_SERVE_TOKEN, {ShortestToken} characters or more.");
        return (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), true);
    }
}
