namespace Etl.LocalCloud.Iam;

/// <summary>What Google's predefined roles allow, as far as the local services ask for it (https://cloud.google.com/iam/docs/understanding-roles).</summary>
internal static class PredefinedRoles
{
    private static readonly string[] ReadObjects = ["storage.objects.get", "storage.objects.list"];
    private static readonly string[] WriteObjects = [.. ReadObjects, "storage.objects.create", "storage.objects.delete", "storage.objects.update"];
    private static readonly string[] ReadTables = ["bigquery.datasets.get", "bigquery.tables.get", "bigquery.tables.getData", "bigquery.tables.list"];
    private static readonly string[] WriteTables = [.. ReadTables, "bigquery.tables.create", "bigquery.tables.delete", "bigquery.tables.update", "bigquery.tables.updateData"];

    private static readonly Dictionary<string, string[]> Permissions = new()
    {
        ["roles/storage.objectViewer"] = ReadObjects,
        ["roles/storage.objectCreator"] = ["storage.objects.create"],
        ["roles/storage.objectUser"] = WriteObjects,
        ["roles/storage.objectAdmin"] = WriteObjects,
        ["roles/storage.admin"] = [.. WriteObjects, "storage.buckets.create", "storage.buckets.delete", "storage.buckets.get", "storage.buckets.list"],
        ["roles/bigquery.jobUser"] = ["bigquery.jobs.create"],
        ["roles/bigquery.dataViewer"] = ReadTables,
        ["roles/bigquery.dataEditor"] = WriteTables,
        ["roles/bigquery.admin"] = [.. WriteTables, "bigquery.jobs.create", "bigquery.datasets.create", "bigquery.datasets.delete"],
        ["roles/iam.workloadIdentityUser"] = ["iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken"],
        ["roles/iam.serviceAccountTokenCreator"] = ["iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken"],
        ["roles/iam.workloadIdentityPoolViewer"] = ["iam.workloadIdentityPoolProviders.get"],
        ["roles/iam.securityReviewer"] = ["iam.serviceAccounts.getIamPolicy"],
    };

    /// <summary>The role's permissions; none when it is not known here.</summary>
    public static IReadOnlyList<string> Of(string role) => Permissions.GetValueOrDefault(role) ?? [];
}
