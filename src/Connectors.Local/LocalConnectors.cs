using Etl.Connectors.Local.DuckDb;
using Etl.Connectors.Local.Files;
using Etl.Connectors.Local.State;
using Etl.Core.Connectors;

namespace Etl.Connectors.Local;

/// <summary>The connectors of one machine: files, DuckDB and state in a folder.</summary>
public static class LocalConnectors
{
    /// <summary>Adds them.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry) => registry
        .AddSource<FileSourceOptions>("file", "Files on this machine: one, a folder, or a pattern.", (options, context) => new FileSource(options, context))
        .AddStagingSink<FileStagingOptions>("file", "Staged files in a folder on this machine.", "file", (options, context) => new FileStagingSink(options, context),
            (options, context) => new FolderStateStore(Path.Combine(Path.GetFullPath(options.Path, context.Folder), "_etl")))
        .AddLoadSink<DuckDbOptions>("duckdb", "A table in a DuckDB database file.", "file", (options, context) => new DuckDbSink(options, context), asserts: true)
        .AddStateStore<FolderStateOptions>("folder", "State in a folder on this machine.", (options, context) => new FolderStateStore(Path.GetFullPath(options.Path, context.Folder)));
}
