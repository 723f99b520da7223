# What runs. The variables of each cloud are in variables_aws.tf and variables_google.tf.

variable "name" {
  description = "The name of everything that is made for this pipeline on both sides: the AWS role, the function or task, the queues, the Google pool and service account."
  type        = string
  validation {
    # A service account's id has at least 6 characters. With more than 23, a session's ARN could be longer than the 127 bytes that Google allows a subject.
    condition     = can(regex("^[a-z][a-z0-9-]{4,21}[a-z0-9]$", var.name)) && !startswith(var.name, "gcp-")
    error_message = "A name has 6 to 23 lower-case letters, digits and hyphens, starts with a letter, ends with no hyphen, and does not start with gcp-."
  }
}

variable "pipeline_file" {
  description = "The pipeline file: its path in the container image (/pipelines/orders.yaml), or in the zip file (pipelines/orders.yaml)."
  type        = string
}

variable "pipeline_name" {
  description = "The pipeline file's `name:`. What it stages and remembers is kept under this name."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_-]{0,62}$", var.pipeline_name))
    error_message = "Write the pipeline file's `name:` as it stands there."
  }
}

variable "compute" {
  description = "Where it runs: `lambda` (as objects arrive, and by the clock; up to 15 minutes a run) or `fargate` (by the clock; as long as it takes)."
  type        = string
  default     = "lambda"
  validation {
    condition     = contains(["lambda", "fargate"], var.compute)
    error_message = "compute is lambda or fargate."
  }
}

variable "schedule" {
  description = "When it runs by the clock, as EventBridge Scheduler writes it: rate(1 hour), cron(15 2 * * ? *). Null for never."
  type        = string
  default     = "rate(1 hour)"
}

variable "schedule_time_zone" {
  description = "The time zone of `schedule`."
  type        = string
  default     = "UTC"
}

variable "environment" {
  description = "More environment variables, such as those the pipeline file refers to. No secrets: they can be read in the console."
  type        = map(string)
  default     = {}
}
