using System.Text.Json.Nodes;
using Etl.LocalCloud.BigQuery.Types;

namespace Etl.LocalCloud.BigQuery.Catalog;

/// <summary>Datasets and tables: their resources as JSON documents on disk. The rows are in the warehouse.</summary>
internal sealed class TableCatalog(string folder, bool createMissing, TimeProvider time)
{
    private readonly Lock gate = new();

    /// <summary>The datasets of a project, sorted.</summary>
    public IReadOnlyList<string> Datasets(string project) => Names(Path.Combine(folder, Safe(project)), Directory.GetDirectories);

    /// <summary>The tables of a dataset, sorted.</summary>
    public IReadOnlyList<string> Tables(string project, string dataset) =>
        [.. Names(DatasetFolder(project, dataset), f => Directory.GetFiles(f, "*.table.json")).Select(n => n[..^".table.json".Length]).Where(n => FindTable(new TableName(project, dataset, n)) is not null)];

    /// <summary>The dataset's resource, or null.</summary>
    public JsonObject? FindDataset(string project, string dataset) => Read(DatasetFile(project, dataset));

    /// <summary>The dataset's resource; made when it is missing and may be.</summary>
    public JsonObject RequireDataset(string project, string dataset)
    {
        if (FindDataset(project, dataset) is { } found) return found;
        return createMissing ? CreateDataset(project, dataset, []) : throw BigQueryRefusedException.NotFound($"Not found: Dataset {project}:{dataset}");
    }

    /// <summary>Makes a dataset.</summary>
    public JsonObject CreateDataset(string project, string dataset, JsonObject given)
    {
        lock (gate)
        {
            if (FindDataset(project, dataset) is not null) throw BigQueryRefusedException.Duplicate($"Already Exists: Dataset {project}:{dataset}");
            if (dataset.Length is 0 or > 1024 || !dataset.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                throw BigQueryRefusedException.Invalid($"Invalid dataset ID \"{dataset}\". Dataset IDs must be alphanumeric (plus underscores) and must be at most 1024 characters long.");
            var resource = given.DeepClone().AsObject();
            resource["kind"] = "bigquery#dataset";
            resource["id"] = $"{project}:{dataset}";
            resource["datasetReference"] = new JsonObject { ["projectId"] = project, ["datasetId"] = dataset };
            resource["location"] ??= "US";
            resource["creationTime"] = Millis();
            resource["lastModifiedTime"] = Millis();
            Write(DatasetFile(project, dataset), resource);
            return resource;
        }
    }

    /// <summary>Forgets a dataset with its tables.</summary>
    public void RemoveDataset(string project, string dataset) => Directory.Delete(DatasetFolder(project, dataset), recursive: true);

    /// <summary>The table's resource; null when there is none, or it has expired.</summary>
    public JsonObject? FindTable(TableName name) => Read(TableFile(name)) is { } table && !IsExpired(table) ? table : null;

    /// <summary>The table's resource.</summary>
    public JsonObject RequireTable(TableName name)
    {
        RequireDataset(name.Project, name.Dataset);
        return FindTable(name) ?? throw BigQueryRefusedException.NotFound($"Not found: Table {name}");
    }

    /// <summary>The table's columns.</summary>
    public static IReadOnlyList<Field> Fields(JsonObject table) => Field.Parse(table["schema"]);

    /// <summary>Keeps a table's resource, filling in what the service adds.</summary>
    public JsonObject Save(TableName name, JsonObject given)
    {
        var fields = Field.Parse(given["schema"]);
        CheckLayout(given, fields);
        if (IsExpired(given)) throw BigQueryRefusedException.Invalid($"Invalid expirationTime: {given["expirationTime"]} is in the past.");
        var resource = given.DeepClone().AsObject();
        resource["kind"] = "bigquery#table";
        resource["id"] = name.ToString();
        resource["tableReference"] = name.ToJson();
        resource["type"] = "TABLE";
        resource["location"] = "US";
        resource["schema"] = Field.ToSchema(fields);
        resource["creationTime"] ??= Millis();
        resource["lastModifiedTime"] = Millis();
        resource["etag"] = Guid.NewGuid().ToString("N");
        lock (gate) Write(TableFile(name), resource);
        return resource;
    }

    /// <summary>Forgets a table.</summary>
    public void Remove(TableName name) => File.Delete(TableFile(name));

    /// <summary>Milliseconds since 1970, as the API writes times.</summary>
    public string Millis() => time.GetUtcNow().ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

    private bool IsExpired(JsonObject table) =>
        table["expirationTime"] is { } at && long.Parse(at.ToString(), System.Globalization.CultureInfo.InvariantCulture) <= time.GetUtcNow().ToUnixTimeMilliseconds();

    private static void CheckLayout(JsonObject table, IReadOnlyList<Field> fields)
    {
        Field Find(string? name, string what) => fields.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw BigQueryRefusedException.Invalid($"The field specified for {what} cannot be found in the schema. Invalid field: {name}.");

        if (table["timePartitioning"] is JsonObject partitioning)
        {
            if (partitioning["type"]?.GetValue<string>() is not ("DAY" or "HOUR" or "MONTH" or "YEAR")) throw BigQueryRefusedException.Invalid("Time partitioning needs a type: DAY, HOUR, MONTH or YEAR.");
            if (partitioning["field"] is { } field && Find(field.GetValue<string>(), "partitioning") is { Type: not (FieldType.Date or FieldType.DateTime or FieldType.Timestamp) } wrong)
                throw BigQueryRefusedException.Invalid($"The field specified for time partitioning can only be of type TIMESTAMP, DATE or DATETIME. The type found is: {wrong.Type.ApiName()}.");
        }

        if (table["clustering"]?["fields"] is JsonArray clustering)
        {
            if (clustering.Count > 4) throw BigQueryRefusedException.Invalid("Too many clustering fields: at most 4 are allowed.");
            foreach (var field in clustering)
                if (Find(field?.GetValue<string>(), "clustering") is { Type: FieldType.Float64 or FieldType.Bytes or FieldType.Time } wrong)
                    throw BigQueryRefusedException.Invalid($"Clustering is not supported on fields of type {wrong.Type.ApiName()}: {wrong.Name}.");
        }
    }

    private static IReadOnlyList<string> Names(string parent, Func<string, string[]> list) =>
        Directory.Exists(parent) ? [.. list(parent).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)] : [];

    private static JsonObject? Read(string path) => File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject() : null;

    private static void Write(string path, JsonObject resource)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = $"{path}.{Guid.NewGuid():N}.part";
        File.WriteAllText(partial, resource.ToJsonString());
        File.Move(partial, path, overwrite: true);
    }

    // Names become parts of paths, so only what a name may hold is let through.
    private static string Safe(string name) =>
        name.Length is > 0 and <= 200 && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or ' ') ? name : throw BigQueryRefusedException.Invalid($"Invalid name \"{name}\".");

    private string DatasetFolder(string project, string dataset) => Path.Combine(folder, Safe(project), Safe(dataset));

    private string DatasetFile(string project, string dataset) => Path.Combine(DatasetFolder(project, dataset), "dataset.json");

    private string TableFile(TableName name) => Path.Combine(DatasetFolder(name.Project, name.Dataset), Safe(name.Table) + ".table.json");
}
