resource "google_bigquery_dataset" "etl" {
  count = var.create_dataset ? 1 : 0

  project    = var.google_project
  dataset_id = var.dataset
  location   = var.google_location
  labels     = var.google_labels

  dynamic "default_encryption_configuration" {
    for_each = var.google_kms_key_name == null ? [] : [var.google_kms_key_name]
    content {
      kms_key_name = default_encryption_configuration.value
    }
  }

  depends_on = [google_project_service.etl]
}

# The data of the dataset.
resource "google_bigquery_dataset_iam_member" "etl" {
  project    = var.google_project
  dataset_id = var.dataset
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.etl.member
  depends_on = [google_bigquery_dataset.etl]
}

# Load jobs.
resource "google_project_iam_member" "jobs" {
  project = var.google_project
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.etl.member
}
