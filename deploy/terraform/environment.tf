# What the function and the task have for variables.

locals {
  environment = merge(var.environment, {
    ETL_PIPELINE      = var.pipeline_file
    GOOGLE_WIF_CONFIG = local.google_credentials
  })
}
