using System.CommandLine;
using Etl.Core.Connectors;
using Etl.Core.Engine;
using Etl.Core.Pipelines;
using Etl.Formats;
using Etl.Runner.Commands;
using Etl.Runner.Report;

namespace Etl.Runner.Hosting;

/// <summary>A pipeline file read and its parts made, with the local cloud when one was asked for.</summary>
internal sealed class OpenedPipeline : IAsyncDisposable
{
    private readonly LocalSession session;

    private OpenedPipeline(LocalSession session, PipelineDefinition definition, ConnectorContext context, Pipeline pipeline) =>
        (this.session, Definition, SignIns, Pipeline) = (session, definition, SignIns.Of(context), pipeline);

    public PipelineDefinition Definition { get; }

    public Pipeline Pipeline { get; }

    /// <summary>The sign-ins of the run so far.</summary>
    public SignIns SignIns { get; }

    /// <summary>Whether it runs against the local cloud.</summary>
    public bool Local => session.Active;

    public static async Task<OpenedPipeline> OpenAsync(FileInfo file, LocalOptions local, ParseResult parsed, CancellationToken cancel)
    {
        var session = await LocalSession.StartAsync(local.Read(parsed, file.DirectoryName), cancel);
        try
        {
            return Open(session, RunCommand.PathAsGiven(file), Environment.GetEnvironmentVariable);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Without a local cloud. <paramref name="variables"/> say what stands for <c>${NAME}</c> in the file.</summary>
    public static OpenedPipeline Open(string path, Func<string, string?> variables) => Open(LocalSession.None, path, variables);

    private static OpenedPipeline Open(LocalSession session, string path, Func<string, string?> variables)
    {
        var definition = new PipelineFile(Registrations.All(), variables).Read(path);
        var context = Contexts.For(definition, session.Active);
        return new OpenedPipeline(session, definition, context, Pipeline.Create(definition, context, encoding => EncoderFactory.Create(encoding), ReportPage.Write));
    }

    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        await session.DisposeAsync();
    }
}
