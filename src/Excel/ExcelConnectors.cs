using Etl.Core.Connectors;

namespace Etl.Excel;

/// <summary>What this project adds to a pipeline file.</summary>
public static class ExcelConnectors
{
    /// <summary>Adds the parser <c>excel</c>.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.AddParser<ExcelOptions>("excel", "Reads a sheet of Excel workbooks (.xlsx, .xlsm) into typed columns", (options, _) => new ExcelParser(options));
    }
}
