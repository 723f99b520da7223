using System.Text;

namespace Etl.Connectors.Gcp.Setup;

/// <summary>The commands that make everything, as a script to read and then run. Each can be run again: what is there stays.</summary>
public static class GcloudScript
{
    /// <summary>The script.</summary>
    /// <param name="plan">What to make.</param>
    /// <param name="awsPolicyFile">Where the AWS policy was written; null when nothing is read from S3.</param>
    public static string Write(SetupPlan plan, string? awsPolicyFile)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var text = new StringBuilder();
        void Line(string line = "") => text.Append(line).Append('\n');
        var (p, pool) = ($"--project={plan.Project}", $"--workload-identity-pool={plan.Pool} --location=global --project={plan.Project}");
        var account = $"serviceAccount:{plan.Email}";

        Line("#!/usr/bin/env bash");
        Line($"# Lets {(plan.Session is null ? "sessions of " : "")}{plan.Role.AssumedRoleArn}{(plan.Session is null ? "" : "/" + plan.Session)} act as {plan.Email}, with no key.");
        Line("# Nothing has been run. Read it, then run it as somebody who may change IAM in both clouds; running it again changes nothing.");
        Line("set -euo pipefail");
        Line();
        Line("# 1. The APIs that the sign-in, the staging and the loads use.");
        Line($"gcloud services enable iam.googleapis.com sts.googleapis.com iamcredentials.googleapis.com storage.googleapis.com bigquery.googleapis.com {p}");
        Line();
        Line("# 2. A pool: the federated identities of one trust.");
        Line($"gcloud iam workload-identity-pools describe {plan.Pool} --location=global {p} >/dev/null 2>&1 ||");
        Line($"  gcloud iam workload-identity-pools create {plan.Pool} --location=global {p} --display-name=\"Etl\"");
        Line();
        Line($"# 3. Its AWS provider: takes identities of account {plan.Role.Account} alone, and of those only what the condition lets through.");
        Line($"if gcloud iam workload-identity-pools providers describe {plan.Provider} {pool} >/dev/null 2>&1; then provider=update-aws; else provider=create-aws; fi");
        Line($"gcloud iam workload-identity-pools providers \"$provider\" {plan.Provider} {pool} \\");
        Line($"  --account-id={plan.Role.Account} \\");
        Line($"  --attribute-mapping=\"{string.Join(',', plan.Mapping.Select(m => $"{m.Key}={m.Value}"))}\" \\");
        Line($"  --attribute-condition=\"{plan.Condition}\"");
        Line();
        Line("# 4. The service account that loads. It has no key.");
        Line($"gcloud iam service-accounts describe {plan.Email} {p} >/dev/null 2>&1 ||");
        Line($"  gcloud iam service-accounts create {plan.ServiceAccount} {p} --display-name=\"Etl\"");
        Line();
        Line("# 5. Its least roles: objects of the staging bucket, load jobs, and the data of the dataset.");
        foreach (var bucket in plan.Buckets) Line($"gcloud storage buckets add-iam-policy-binding gs://{bucket} --role=roles/storage.objectUser --member={account}");
        foreach (var project in plan.JobProjects) Line($"gcloud projects add-iam-policy-binding {project} --role=roles/bigquery.jobUser --member={account} --condition=None");
        foreach (var dataset in plan.Datasets) Line($"bq query --project_id={dataset.Project} --use_legacy_sql=false 'GRANT `roles/bigquery.dataEditor` ON SCHEMA `{dataset.Project}`.`{dataset.Dataset}` TO \"{account}\"'");
        Line();
        Line($"# 6. The role may act as it. The role stands here as its sessions call (assumed-role), not as arn:{plan.Role.Partition}:iam::…:role/…, which no caller has.");
        Line($"gcloud iam service-accounts add-iam-policy-binding {plan.Email} {p} --role=roles/iam.workloadIdentityUser \\");
        Line($"  --member=\"{plan.Member}\"");
        if (awsPolicyFile is not null)
        {
            Line();
            Line("# 7. At AWS: the role may list and read the source. (sts:GetCallerIdentity, which signs in, takes no permission.)");
            Line($"aws iam put-role-policy --role-name {plan.Role.Name} --policy-name etl-read-source --policy-document file://{awsPolicyFile}");
        }

        return text.ToString();
    }
}
