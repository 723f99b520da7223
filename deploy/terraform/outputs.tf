output "google_credentials" {
  description = "How to sign in to Google (an external_account configuration; no secret): `terraform output -raw google_credentials > wif.json`."
  value       = local.google_credentials
}

output "google_service_account" {
  description = "The service account that loads."
  value       = google_service_account.etl.email
}

output "role_arn" {
  description = "The AWS role that reads the source."
  value       = aws_iam_role.etl.arn
}

output "assumed_role_arn" {
  description = "The same role as its sessions call, and as Google sees it."
  value       = local.assumed_role_arn
}

output "queue_arn" {
  description = "The queue that the source bucket tells of new objects; null on Fargate."
  value       = one(aws_sqs_queue.triggers[*].arn)
}

output "dead_letter_queue_url" {
  description = "Where ends what could not be done."
  value       = aws_sqs_queue.dead_letters.url
}

output "log_group" {
  description = "Where the logs are."
  value       = aws_cloudwatch_log_group.etl.name
}

output "run_now" {
  description = "The command that runs the pipeline now."
  value = local.on_lambda ? "aws lambda invoke --function-name ${var.name} --cli-read-timeout 900 /dev/stdout" : join(" ", [
    "aws ecs run-task --launch-type FARGATE --cluster ${local.cluster_arn} --task-definition ${var.name} --network-configuration",
    "'${jsonencode({ awsvpcConfiguration = { subnets = var.fargate.subnet_ids, securityGroups = coalesce(var.fargate.security_group_ids, []), assignPublicIp = var.fargate.assign_public_ip ? "ENABLED" : "DISABLED" } })}'",
  ])
}
