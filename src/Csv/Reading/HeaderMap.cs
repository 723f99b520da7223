using System.Globalization;
using System.Text;
using CsvHelper;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Csv.Reading;

/// <summary>Which column of the schema each field of an object belongs to.</summary>
internal static class HeaderMap
{
    /// <summary>The fields of the record that the reader is on, as names.</summary>
    public static string[] Read(CsvReader reader)
    {
        var names = new string[reader.FieldCount];
        for (var i = 0; i < names.Length; i++)
            names[i] = Encoding.UTF8.GetString(reader.GetSpan(i));
        return names;
    }

    /// <summary>Whether a first row that may be a header names columns of the schema and nothing else. It settles what one object's rows leave open.</summary>
    public static bool Names(IReadOnlyList<string> row, TableSchema schema)
    {
        var columns = new ColumnIndex(row, schema);
        for (var field = 0; field < row.Count; field++)
        {
            if (row[field].Length == 0 || columns.Of(field) < 0)
                return false;
        }
        return row.Count > 0;
    }

    /// <summary>Whether the schema's columns have the names that are given where there is no header.</summary>
    public static bool IsUnnamed(TableSchema schema)
    {
        for (var i = 0; i < schema.Columns.Count; i++)
        {
            if (schema.Columns[i].Name != "column_" + (i + 1).ToString(CultureInfo.InvariantCulture) || schema.Columns[i].SourceName is not null)
                return false;
        }
        return true;
    }

    /// <summary>The columns of the schema that a header does not name.</summary>
    public static IEnumerable<Column> Missing(IReadOnlyList<string> header, TableSchema schema)
    {
        var columns = new ColumnIndex(header, schema);
        var fields = new int[header.Count];
        for (var field = 0; field < fields.Length; field++)
            fields[field] = columns.Of(field);
        return Array.ConvertAll(Unfilled(fields, schema.Columns.Count), column => schema.Columns[column]);
    }

    /// <summary>The columns that no field belongs to.</summary>
    /// <param name="fields">The column of each field; below 0 for none.</param>
    /// <param name="columns">How many columns there are.</param>
    public static int[] Unfilled(int[] fields, int columns)
    {
        var filled = new bool[columns];
        foreach (var column in fields)
        {
            if (column >= 0)
                filled[column] = true;
        }
        var unfilled = new List<int>();
        for (var column = 0; column < columns; column++)
        {
            if (!filled[column])
                unfilled.Add(column);
        }
        return [.. unfilled];
    }

    /// <summary>The columns of a header, by name, whatever their order; with the name of each field that is to be left out in place of a column, which is -1.</summary>
    /// <exception cref="DataException">The object has a column that the schema does not have, or lacks one that must have values.</exception>
    /// <exception cref="SchemaBrokenException">The object has a column that none of the sampled ones has.</exception>
    public static (int[] Fields, IReadOnlyDictionary<int, string> Unknown) ByName(IReadOnlyList<string> header, TableSchema schema, CsvOptions options, string name)
    {
        var columns = new ColumnIndex(header, schema);
        var fields = new int[header.Count];
        var taken = new bool[schema.Columns.Count];
        var unknown = new Dictionary<int, string>();
        var named = header.Count;
        while (named > 1 && header[named - 1].Length == 0)
            named--;
        for (var field = 0; field < fields.Length; field++)
        {
            var column = columns.Of(field);
            if (column < 0 && field >= named)
                return (fields[..field], unknown); // the schema knows nothing of fields beyond the last name
            if (column < 0)
            {
                UnknownColumns.Check("csv", options.Contract, options.IsDeclared, name, columns.LegalName(field), field);
                (fields[field], unknown[field]) = (-1, columns.LegalName(field));
                continue;
            }
            if (taken[column])
                throw new DataException($"{name} has two columns that are called {schema.Columns[column].Name} in the schema. Rename one in the source, or declare both with different sources.");
            (fields[field], taken[column]) = (column, true);
        }
        for (var column = 0; column < taken.Length; column++)
        {
            if (!taken[column] && !schema.Columns[column].Nullable)
                throw new DataException($"{name} lacks the column {schema.Columns[column].Name}, which must have a value in every row. Declare it nullable, or leave the object out.");
        }
        return (fields, unknown);
    }
}
