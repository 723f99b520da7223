# Lets sessions of the AWS role, and nobody else, act as the service account, with no key. The same as `etl auth setup` writes.

resource "google_project_service" "etl" {
  for_each = toset(["iam.googleapis.com", "sts.googleapis.com", "iamcredentials.googleapis.com", "storage.googleapis.com", "bigquery.googleapis.com"])

  project            = var.google_project
  service            = each.value
  disable_on_destroy = false
}

# A pool: the federated identities of one trust.
resource "google_iam_workload_identity_pool" "etl" {
  project                   = var.google_project
  workload_identity_pool_id = var.name
  display_name              = "Etl"
  depends_on                = [google_project_service.etl]
}

# Its AWS provider: takes identities of one account alone, and of those only what the condition lets through.
resource "google_iam_workload_identity_pool_provider" "etl" {
  project                            = var.google_project
  workload_identity_pool_id          = google_iam_workload_identity_pool.etl.workload_identity_pool_id
  workload_identity_pool_provider_id = "aws"
  attribute_mapping = {
    "google.subject"     = "assertion.arn"
    "attribute.aws_role" = "assertion.arn.contains('assumed-role') ? assertion.arn.extract('{account_arn}assumed-role/') + 'assumed-role/' + assertion.arn.extract('assumed-role/{role_name}/') : assertion.arn"
  }
  attribute_condition = "assertion.arn.startsWith('${local.assumed_role_arn}/${var.session_prefix}')"
  aws {
    account_id = local.account
  }
}

# The service account that loads. It has no key.
resource "google_service_account" "etl" {
  project      = var.google_project
  account_id   = var.name
  display_name = "Etl"
  depends_on   = [google_project_service.etl]
}

# The role may act as it. It stands here as its sessions call (assumed-role).
resource "google_service_account_iam_member" "etl" {
  service_account_id = google_service_account.etl.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.etl.name}/attribute.aws_role/${local.assumed_role_arn}"
  depends_on         = [google_iam_workload_identity_pool_provider.etl]
}
