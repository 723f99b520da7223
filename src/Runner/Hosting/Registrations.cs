using Etl.Connectors.Aws;
using Etl.Connectors.Azure;
using Etl.Connectors.Gcp;
using Etl.Connectors.Http;
using Etl.Connectors.Local;
using Etl.Connectors.Postgres;
using Etl.Connectors.Sftp;
using Etl.Core.Connectors;
using Etl.Core.Pipelines;
using Etl.Core.Plugins;
using Etl.Core.Transforms;
using Etl.Csv;
using Etl.Excel;
using Etl.FixedWidth;
using Etl.Formats;
using Etl.Json;
using Etl.Lookup;
using Etl.Sql;

namespace Etl.Runner.Hosting;

/// <summary>The connectors this command knows: an explicit list, no scanning, and what plugins add. Every command gets them here.</summary>
public static class Registrations
{
    /// <summary>Etl's own, and those of the plugins in <c>ETL_PLUGINS</c>: paths as in <c>PATH</c>, and packages.</summary>
    /// <exception cref="PluginException">One of the plugins cannot be used.</exception>
    public static ConnectorRegistry All()
    {
        var own = Own();
        return own.With(Plugin.LoadAll(Environment.GetEnvironmentVariable("ETL_PLUGINS") ?? "", Path.PathSeparator, Environment.CurrentDirectory, own.Packages));
    }

    /// <summary>Those, and those of the plugins that <paramref name="pipeline"/> names, if there is one.</summary>
    /// <exception cref="Core.Errors.PipelineFileException">The file cannot be read, or one of its plugins cannot be used.</exception>
    public static ConnectorRegistry Of(FileInfo? pipeline) =>
        pipeline is null ? All() : new PipelineFile(All(), Environment.GetEnvironmentVariable).Connectors(Commands.RunCommand.PathAsGiven(pipeline));

    /// <summary>Etl's own.</summary>
    public static ConnectorRegistry Own()
    {
        var registry = new ConnectorRegistry(new NuGetPlugins());
        CoreConnectors.Register(registry);
        CsvConnectors.Register(registry);
        JsonConnectors.Register(registry);
        FixedWidthConnectors.Register(registry);
        ExcelConnectors.Register(registry);
        FormatsConnectors.Register(registry);
        SqlConnectors.Register(registry);
        LookupConnectors.Register(registry);
        AwsConnectors.Register(registry);
        GcpConnectors.Register(registry);
        AzureConnectors.Register(registry);
        HttpConnectors.Register(registry);
        LocalConnectors.Register(registry);
        PostgresConnectors.Register(registry);
        SftpConnectors.Register(registry);
        return registry;
    }
}
