# By the clock: EventBridge Scheduler puts a message into the function's queue, where it is tried again as others are, or starts the task.

data "aws_iam_policy_document" "scheduler" {
  dynamic "statement" {
    for_each = aws_sqs_queue.triggers[*].arn
    content {
      sid       = "CallFunction"
      actions   = ["sqs:SendMessage"]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = aws_ecs_task_definition.etl[*].arn_without_revision
    content {
      sid       = "StartTask"
      actions   = ["ecs:RunTask"]
      resources = ["${statement.value}:*"]
      condition {
        test     = "ArnEquals"
        variable = "ecs:cluster"
        values   = [local.cluster_arn]
      }
    }
  }

  dynamic "statement" {
    for_each = local.on_fargate ? [1] : []
    content {
      sid       = "GiveTaskItsRoles"
      actions   = ["iam:PassRole"]
      resources = [aws_iam_role.etl.arn, aws_iam_role.execution[0].arn]
      condition {
        test     = "StringEquals"
        variable = "iam:PassedToService"
        values   = ["ecs-tasks.amazonaws.com"]
      }
    }
  }

  statement {
    sid       = "TellFailures"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.dead_letters.arn]
  }

  dynamic "statement" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]
    content {
      sid       = "UseKey"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role" "scheduler" {
  count = var.schedule == null ? 0 : 1

  name                 = "${var.name}-scheduler"
  assume_role_policy   = data.aws_iam_policy_document.trust["scheduler"].json
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy" "scheduler" {
  count = var.schedule == null ? 0 : 1

  name   = "etl-start"
  role   = aws_iam_role.scheduler[0].id
  policy = data.aws_iam_policy_document.scheduler.json
}

resource "aws_scheduler_schedule" "etl" {
  count = var.schedule == null ? 0 : 1

  name                         = var.name
  description                  = "Runs the pipeline ${var.pipeline_name}."
  schedule_expression          = var.schedule
  schedule_expression_timezone = var.schedule_time_zone

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = local.on_lambda ? aws_sqs_queue.triggers[0].arn : local.cluster_arn
    role_arn = aws_iam_role.scheduler[0].arn
    input    = local.on_lambda ? "{}" : null # the function's own pipeline

    dynamic "ecs_parameters" {
      for_each = aws_ecs_task_definition.etl[*].arn
      content {
        task_definition_arn = ecs_parameters.value
        launch_type         = "FARGATE"
        propagate_tags      = "TASK_DEFINITION"
        network_configuration {
          subnets          = var.fargate.subnet_ids
          security_groups  = var.fargate.security_group_ids
          assign_public_ip = var.fargate.assign_public_ip
        }
      }
    }

    dead_letter_config {
      arn = aws_sqs_queue.dead_letters.arn
    }

    retry_policy {
      maximum_event_age_in_seconds = 60 * 60
      maximum_retry_attempts       = 5
    }
  }

  depends_on = [aws_iam_role_policy.scheduler]
}
