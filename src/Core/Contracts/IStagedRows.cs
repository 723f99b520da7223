using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.Core.Contracts;

/// <summary>A load sink that can be asked about a run's staged rows before they are loaded. The engine asks once a question and process, one at a time; let exceptions escape.</summary>
public interface IStagedRows
{
    /// <summary>How its SQL is written.</summary>
    SqlDialect Dialect { get; }

    /// <summary>The answer to a query over the staged rows, which are the table <c>staged</c>: one row of whole numbers. Nothing is loaded or changed.</summary>
    /// <exception cref="Errors.DataException">The query is wrong, or the staged format cannot be asked.</exception>
    /// <exception cref="Errors.ServiceException">The service refused or failed.</exception>
    ValueTask<IReadOnlyList<long>> CountAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, StagedQuery query, CancellationToken cancel);
}

/// <summary>A query over staged rows.</summary>
/// <param name="Id">What tells it from others of the same run: letters, digits and underscores.</param>
/// <param name="Sql">A SELECT of one row of whole numbers.</param>
public sealed record StagedQuery(string Id, string Sql);

/// <summary>How an SQL dialect writes what differs.</summary>
/// <param name="Name">A quoted identifier.</param>
/// <param name="Text">A string literal.</param>
/// <param name="Type">A type's name.</param>
public sealed record SqlDialect(Func<string, string> Name, Func<string, string> Text, Func<ColumnType, string> Type)
{
    /// <summary>A SELECT of a schema's columns without any row.</summary>
    public string NoRows(TableSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return $"SELECT {string.Join(", ", schema.Columns.Select(c => $"CAST(NULL AS {Type(c.Type)}) AS {Name(c.Name)}"))} LIMIT 0";
    }
}
