using System.Text;
using System.Text.RegularExpressions;

namespace Etl.Connectors.Gcp.Setup;

/// <summary>The same as Terraform, for hashicorp/google and hashicorp/aws, as <c>terraform fmt</c> leaves it.</summary>
public static partial class TerraformFile
{
    /// <summary>The file's text.</summary>
    public static string Write(SetupPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var text = new StringBuilder($$"""
            # Lets {{(plan.Session is null ? "sessions of " : "")}}{{plan.Role.AssumedRoleArn}}{{(plan.Session is null ? "" : "/" + plan.Session)}} act as {{plan.Email}}, with no key.
            # Written by `etl auth setup`; nothing has been applied. Read it, then `terraform plan`.

            terraform {
              required_providers {
                google = { source = "hashicorp/google", version = ">= 5.0" }
                aws    = { source = "hashicorp/aws", version = ">= 5.0" }
              }
            }

            # The APIs that the sign-in, the staging and the loads use.
            resource "google_project_service" "etl" {
              for_each           = toset(["iam.googleapis.com", "sts.googleapis.com", "iamcredentials.googleapis.com", "storage.googleapis.com", "bigquery.googleapis.com"])
              project            = {{Quote(plan.Project)}}
              service            = each.value
              disable_on_destroy = false
            }

            # A pool: the federated identities of one trust.
            resource "google_iam_workload_identity_pool" "etl" {
              project                   = {{Quote(plan.Project)}}
              workload_identity_pool_id = {{Quote(plan.Pool)}}
              display_name              = "Etl"
              depends_on                = [google_project_service.etl]
            }

            # Its AWS provider: takes identities of one account alone, and of those only what the condition lets through.
            resource "google_iam_workload_identity_pool_provider" "etl" {
              project                            = {{Quote(plan.Project)}}
              workload_identity_pool_id          = google_iam_workload_identity_pool.etl.workload_identity_pool_id
              workload_identity_pool_provider_id = {{Quote(plan.Provider)}}
              attribute_mapping = {
            {{string.Join('\n', Aligned(plan.Mapping.Select(m => (Quote(m.Key), Quote(m.Value))), "    "))}}
              }
              attribute_condition = {{Quote(plan.Condition)}}
              aws {
                account_id = {{Quote(plan.Role.Account)}}
              }
            }

            # The service account that loads. It has no key.
            resource "google_service_account" "etl" {
              project      = {{Quote(plan.Project)}}
              account_id   = {{Quote(plan.ServiceAccount)}}
              display_name = "Etl"
              depends_on   = [google_project_service.etl]
            }

            # The role may act as it. It stands here as its sessions call (assumed-role), not as arn:{{plan.Role.Partition}}:iam::…:role/…, which no caller has.
            resource "google_service_account_iam_member" "etl" {
              service_account_id = google_service_account.etl.name
              role               = "roles/iam.workloadIdentityUser"
              member             = {{Quote(plan.Member)}}
              depends_on         = [google_iam_workload_identity_pool_provider.etl]
            }

            """);
        foreach (var bucket in plan.Buckets)
            text.Append($$"""

                # Objects of the staging bucket.
                resource "google_storage_bucket_iam_member" "{{Name(bucket)}}" {
                  bucket = {{Quote(bucket)}}
                  role   = "roles/storage.objectUser"
                  member = google_service_account.etl.member
                }

                """);
        foreach (var project in plan.JobProjects)
            text.Append($$"""

                # Load jobs.
                resource "google_project_iam_member" "{{Name(project)}}" {
                  project = {{Quote(project)}}
                  role    = "roles/bigquery.jobUser"
                  member  = google_service_account.etl.member
                }

                """);
        foreach (var dataset in plan.Datasets)
            text.Append($$"""

                # The data of the dataset.
                resource "google_bigquery_dataset_iam_member" "{{Name(dataset.Project + "_" + dataset.Dataset)}}" {
                  project    = {{Quote(dataset.Project)}}
                  dataset_id = {{Quote(dataset.Dataset)}}
                  role       = "roles/bigquery.dataEditor"
                  member     = google_service_account.etl.member
                }

                """);
        if (plan.SourceBucket is not null)
            text.Append($$"""

                # At AWS: the role may list and read the source. (sts:GetCallerIdentity, which signs in, takes no permission.)
                resource "aws_iam_role_policy" "etl" {
                  name   = "etl-read-source"
                  role   = {{Quote(plan.Role.Name)}}
                  policy = <<-EOT
                    {{Literal(SetupFiles.AwsPolicy(plan)).TrimEnd().Replace("\n", "\n    ", StringComparison.Ordinal)}}
                  EOT
                }

                """);
        return text.ToString();
    }

    // A dollar or percent sign before a brace starts a template in HCL.
    private static string Literal(string text) => text.Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal);

    private static string Quote(string text) => '"' + Literal(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)) + '"';

    private static IEnumerable<string> Aligned(IEnumerable<(string Key, string Value)> pairs, string indent)
    {
        var all = pairs.ToList();
        var width = all.Max(p => p.Key.Length);
        return all.Select(p => $"{indent}{p.Key.PadRight(width)} = {p.Value}");
    }

    private static string Name(string text) => "etl_" + NotInNames().Replace(text, "_");

    [GeneratedRegex("[^A-Za-z0-9_]+")]
    private static partial Regex NotInNames();
}
