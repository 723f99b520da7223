resource "aws_cloudwatch_log_group" "etl" {
  name              = local.on_lambda ? "/aws/lambda/${var.name}" : "/ecs/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}
