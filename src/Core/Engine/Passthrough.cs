using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>What <c>format: passthrough</c> asks of the data: the load service reads every object with one dialect, so all must be written alike.</summary>
internal static class Passthrough
{
    /// <summary>The dialect of all objects.</summary>
    /// <exception cref="DataException">The objects are not alike, or a transform would have to touch them.</exception>
    public static ObjectDialect CommonDialect(Pipeline pipeline, SchemaProposal proposal)
    {
        if (pipeline.Transforms.Count > 0)
            throw new DataException("format: passthrough stages the bytes as they are, so no transform can follow the parser. Remove the transforms, or stage as parquet.");
        if (proposal.Schema.Columns.Any(c => c.Metadata is not null))
            throw new DataException("format: passthrough stages the bytes as they are, so rows cannot get metadata columns. Remove metadata, or stage as parquet.");
        if (pipeline.Loads.Any(l => l.Terms.Key.Count > 0))
            throw new DataException("write: merge needs rows whose key Etl has looked at, and format: passthrough stages the bytes as they are. Stage as parquet.");
        if (proposal.Schema.Columns.FirstOrDefault(c => c.Format is not null) is { } written)
            throw new DataException($"{written.Name} is {written.Type.SqlName()} in a format of its own{(written.Format!.Pattern is { } pattern ? $" ({pattern})" : "")}, which the load service cannot read from the bytes as they are. Declare it STRING, or stage as parquet.");
        var first = proposal.Dialects[0];
        if (first.Delimiter.Length == 0)
            throw new DataException("format: passthrough is for CSV, and these objects are none. Stage as parquet.");
        foreach (var dialect in proposal.Dialects)
        {
            if (dialect.Entry is not null)
                throw new DataException($"{dialect.Uri} is an archive, which the load service cannot open. Stage as parquet instead of passthrough.");
            if (Different(first, dialect) is { } what)
                throw new DataException($"{dialect.Uri} differs from {first.Uri} in its {what}, and with format: passthrough one load job reads all objects alike. Stage as parquet, or split the objects over two pipelines.");
        }

        if (!first.Columns.SequenceEqual(proposal.Schema.Columns.Select(c => c.Name), StringComparer.OrdinalIgnoreCase))
            throw new DataException($"The declared columns are not those of {first.Uri} in its order, and with format: passthrough columns are matched by place. Declare them in the file's order, or stage as parquet.");
        return first;
    }

    /// <summary>Makes sure that the columns fit the tables without a byte being touched: they may have other names there, by place.</summary>
    /// <exception cref="DataException">A column would have to be left out.</exception>
    public static void CheckFit(SchemaFit fit)
    {
        if (fit.Placed?.FirstOrDefault(p => p.Value is null).Key is { } column)
            throw new DataException($"{column} is not in the table, and format: passthrough stages the bytes as they are, so that it cannot be left out. Set csv: contract: evolve, or stage as parquet.");
    }

    private static string? Different(ObjectDialect a, ObjectDialect b) =>
        a.Encoding != b.Encoding ? "encoding"
        : a.Delimiter != b.Delimiter ? "delimiter"
        : a.Quote != b.Quote ? "quote character"
        : a.SkipRows != b.SkipRows ? "header"
        : !a.Columns.SequenceEqual(b.Columns) ? "columns"
        : null;
}
