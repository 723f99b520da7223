using System.CommandLine;
using Etl.Core.Engine;
using Etl.Core.Pipelines;
using Etl.Formats;
using Etl.Runner.Commands;

namespace Etl.Runner.Hosting;

/// <summary>A pipeline file read and its parts made, with the local cloud when one was asked for.</summary>
internal sealed class OpenedPipeline : IAsyncDisposable
{
    private readonly LocalSession session;

    private OpenedPipeline(LocalSession session, PipelineDefinition definition, Pipeline pipeline) =>
        (this.session, Definition, Pipeline) = (session, definition, pipeline);

    public PipelineDefinition Definition { get; }

    public Pipeline Pipeline { get; }

    /// <summary>Whether it runs against the local cloud.</summary>
    public bool Local => session.Active;

    public static async Task<OpenedPipeline> OpenAsync(FileInfo file, LocalOptions local, ParseResult parsed, CancellationToken cancel)
    {
        var session = await LocalSession.StartAsync(local.Read(parsed, file.DirectoryName), cancel);
        try
        {
            var definition = new PipelineFile(Registrations.All(), Environment.GetEnvironmentVariable).Read(RunCommand.PathAsGiven(file));
            return new OpenedPipeline(session, definition, Pipeline.Create(definition, Contexts.For(definition, session.Active), encoding => EncoderFactory.Create(encoding)));
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        await session.DisposeAsync();
    }
}
