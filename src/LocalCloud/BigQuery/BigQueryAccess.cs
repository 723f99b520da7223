using System.Text.Json.Nodes;
using Etl.LocalCloud.BigQuery.Catalog;
using Etl.LocalCloud.BigQuery.Query;
using Etl.LocalCloud.Iam;
using Etl.LocalCloud.Identity;

namespace Etl.LocalCloud.BigQuery;

/// <summary>The permissions that each method of BigQuery takes (https://cloud.google.com/bigquery/docs/access-control).</summary>
internal sealed class BigQueryAccess(AccessControl access, TableCatalog catalog)
{
    /// <summary>Lets a request pass, or refuses it in BigQuery's words.</summary>
    public void Check(GoogleIdentity who, string method, string[] segments, JsonObject body)
    {
        switch (method, segments)
        {
            case ("POST", ["projects", var p, "datasets"]):
                Project(who, "bigquery.datasets.create", p);
                break;
            case (_, ["projects", var p, "datasets", var d]):
                Dataset(who, method == "DELETE" ? "bigquery.datasets.delete" : "bigquery.datasets.get", p, d);
                break;
            case (_, ["projects", var p, "datasets", var d, "tables"]):
                Dataset(who, method == "POST" ? "bigquery.tables.create" : "bigquery.tables.list", p, d);
                break;
            case (not "POST", ["projects", var p, "datasets", var d, "tables", var t]):
                Table(who, method switch { "GET" => "bigquery.tables.get", "DELETE" => "bigquery.tables.delete", _ => "bigquery.tables.update" }, new TableName(p, d, t));
                break;
            case ("POST", ["projects", var p, "jobs"]):
                Job(who, p, body["configuration"] as JsonObject ?? []);
                break;
            case ("POST", ["projects", var p, "queries"]):
                Job(who, p, new JsonObject { ["query"] = body.DeepClone() });
                break;
        }
    }

    /// <summary>The permissions among those asked for.</summary>
    public JsonObject Test(GoogleIdentity who, TableName table, JsonObject body)
    {
        catalog.RequireTable(table);
        var granted = (body["permissions"] as JsonArray ?? []).Select(p => (string?)p ?? "").Where(p => Allows(who, p, table.Project, table.Dataset)).ToArray();
        return granted.Length == 0 ? [] : new JsonObject { ["permissions"] = new JsonArray([.. granted.Select(p => JsonValue.Create(p))]) };
    }

    private void Job(GoogleIdentity who, string project, JsonObject configuration)
    {
        Project(who, "bigquery.jobs.create", project);
        if (configuration["load"] is JsonObject load)
        {
            var table = TableName.Parse(load["destinationTable"], project);
            if (catalog.FindTable(table) is null) Dataset(who, "bigquery.tables.create", table.Project, table.Dataset);
            Table(who, "bigquery.tables.updateData", table);
            Table(who, "bigquery.tables.update", table);
        }

        if (configuration["query"] is not JsonObject query) return;
        foreach (var (permission, table) in QueryReference.Of(project, query))
            if (permission == "bigquery.tables.create") Dataset(who, permission, table.Project, table.Dataset);
            else Table(who, permission, table);
    }

    private void Project(GoogleIdentity who, string permission, string project)
    {
        if (!access.Allows(who, permission, $"projects/{project}"))
            throw Denied($"Access Denied: Project {project}: User does not have {permission} permission in project {project}.");
    }

    private void Dataset(GoogleIdentity who, string permission, string project, string dataset)
    {
        if (!Allows(who, permission, project, dataset))
            throw Denied($"Access Denied: Dataset {project}:{dataset}: Permission {permission} denied on dataset {project}:{dataset} (or it may not exist).");
    }

    private void Table(GoogleIdentity who, string permission, TableName table)
    {
        if (!Allows(who, permission, table.Project, table.Dataset))
            throw Denied($"Access Denied: Table {table}: Permission {permission} denied on table {table} (or it may not exist).");
    }

    private bool Allows(GoogleIdentity who, string permission, string project, string dataset) => access.Allows(who, permission, $"datasets/{project}.{dataset}", $"projects/{project}");

    private static BigQueryRefusedException Denied(string message) => new(403, "accessDenied", message);
}
