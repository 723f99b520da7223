# The Google side.

variable "google_project" {
  description = "The project id of everything on the Google side."
  type        = string
}

variable "google_location" {
  description = "Where the staging bucket and the dataset are, such as US, EU or asia-northeast1. A load job needs both in one place."
  type        = string
  default     = "US"
}

variable "staging_bucket" {
  description = "The Cloud Storage bucket that the pipeline stages in."
  type        = string
}

variable "staging_prefix" {
  description = "The pipeline's `sinks: gcs: prefix:`."
  type        = string
  default     = ""
}

variable "create_staging_bucket" {
  description = "Whether the bucket is made here; false when it is there already."
  type        = bool
  default     = true
}

variable "staging_days" {
  description = "After how many days staged files and records of runs are deleted. What the pipeline remembers stays. Null for never: then run `etl gc`, or, in a pipeline without a load sink, keep what was staged."
  type        = number
  default     = 30
  validation {
    condition     = var.staging_days == null ? true : var.staging_days >= 7
    error_message = "staging_days is 7 or more: a run that was left open must find its files."
  }
}

variable "dataset" {
  description = "The BigQuery dataset that the pipeline loads into."
  type        = string
}

variable "create_dataset" {
  description = "Whether the dataset is made here; false when it is there already."
  type        = bool
  default     = true
}

variable "google_kms_key_name" {
  description = "A Cloud KMS key for the bucket and the dataset that are made here, instead of Google's own."
  type        = string
  default     = null
}

variable "google_labels" {
  description = "Labels of the bucket and the dataset that are made here."
  type        = map(string)
  default     = {}
}

variable "session_prefix" {
  description = "What the name of the role's session must start with; empty for any. Lambda's sessions have the function's name."
  type        = string
  default     = ""
}
