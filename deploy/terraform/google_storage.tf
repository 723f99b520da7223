resource "google_storage_bucket" "staging" {
  count = var.create_staging_bucket ? 1 : 0

  project                     = var.google_project
  name                        = var.staging_bucket
  location                    = var.google_location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = var.google_labels

  dynamic "encryption" {
    for_each = var.google_kms_key_name == null ? [] : [var.google_kms_key_name]
    content {
      default_kms_key_name = encryption.value
    }
  }

  # Staged files, and the records of runs. Not what the pipeline remembers: its state and ledger lie in _etl/NAME/ beside runs/, and must stay.
  dynamic "lifecycle_rule" {
    for_each = var.staging_days == null ? [] : [var.staging_days]
    content {
      action {
        type = "Delete"
      }
      condition {
        age            = lifecycle_rule.value
        matches_prefix = ["${var.staging_prefix}${var.pipeline_name}/", "${var.staging_prefix}_etl/${var.pipeline_name}/runs/"]
      }
    }
  }

  # Parts of uploads that were never finished.
  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 7
    }
  }

  depends_on = [google_project_service.etl]
}

# Objects of the staging bucket.
resource "google_storage_bucket_iam_member" "staging" {
  bucket     = var.staging_bucket
  role       = "roles/storage.objectUser"
  member     = google_service_account.etl.member
  depends_on = [google_storage_bucket.staging]
}
