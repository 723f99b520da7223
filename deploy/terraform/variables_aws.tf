# The AWS side.

variable "source_bucket" {
  description = "The S3 bucket that the pipeline reads."
  type        = string
}

variable "source_prefix" {
  description = "The pipeline's `source: s3: prefix:`. The role can list and read nothing else."
  type        = string
  default     = ""
}

variable "source_kms_key_arn" {
  description = "The KMS key of the source bucket, when it has one of its own."
  type        = string
  default     = null
}

variable "image_uri" {
  description = "The container image with Etl and the pipeline file, best by digest. Lambda takes it from ECR alone, of the same region."
  type        = string
  default     = null
}

variable "lambda_zip" {
  description = "Instead of an image, for Lambda: the path of a zip file with Etl and the pipeline file."
  type        = string
  default     = null
}

variable "architecture" {
  description = "The processor that the image or zip file is built for."
  type        = string
  default     = "x86_64"
  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture is x86_64 or arm64."
  }
}

variable "lambda_memory_mb" {
  description = "The function's memory in MB. Processor time comes with it: 1,769 is one processor."
  type        = number
  default     = 2048
  validation {
    condition     = var.lambda_memory_mb >= 512 && var.lambda_memory_mb <= 10240
    error_message = "lambda_memory_mb is 512 to 10240."
  }
}

variable "lambda_timeout_seconds" {
  description = "How long one invocation may take. Etl stops in time before it, and the next one goes on."
  type        = number
  default     = 900
  validation {
    condition     = var.lambda_timeout_seconds >= 60 && var.lambda_timeout_seconds <= 900
    error_message = "lambda_timeout_seconds is 60 to 900."
  }
}

variable "lambda_reserved_concurrency" {
  description = "How many invocations may run at once; -1 for no limit of its own. Nothing needs it: the pipeline's lease lets one run work at a time."
  type        = number
  default     = -1
}

variable "notify" {
  description = "Whether the bucket tells of new objects (Lambda only). It takes the bucket's whole notification configuration: where there is one already, set this to false and add `queue_arn` to it."
  type        = bool
  default     = true
}

variable "batch_window_seconds" {
  description = "How long messages of new objects are gathered for one run."
  type        = number
  default     = 60
  validation {
    condition     = var.batch_window_seconds >= 1 && var.batch_window_seconds <= 300
    error_message = "batch_window_seconds is 1 to 300."
  }
}

variable "max_receive_count" {
  description = "How often a message is tried before it goes to the dead-letter queue. A run that finds another one at work is a try too, so few is too few."
  type        = number
  default     = 10
  validation {
    condition     = var.max_receive_count >= 5
    error_message = "max_receive_count is 5 or more."
  }
}

variable "fargate" {
  description = "For `compute = \"fargate\"`: where the task runs, and how large it is (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html)."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = optional(list(string)) # those of the VPC, when left out
    assign_public_ip   = optional(bool, false)
    cluster_arn        = optional(string)
    cpu                = optional(number, 1024)
    memory_mb          = optional(number, 2048)
  })
  default  = { subnet_ids = [] }
  nullable = false
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
}

variable "kms_key_arn" {
  description = "A KMS key for the queues, the logs and the function's environment, instead of AWS's own. Its policy must let these services use it; the README says how."
  type        = string
  default     = null
}

variable "permissions_boundary_arn" {
  description = "The permissions boundary of all roles that are made."
  type        = string
  default     = null
}

variable "alarm_actions" {
  description = "Who is told of alarms: ARNs of SNS topics."
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "Tags of everything on AWS."
  type        = map(string)
  default     = {}
}
