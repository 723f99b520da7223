resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  alarm_name          = "${var.name}-dead-letters"
  alarm_description   = "Something of ${var.pipeline_name} could not be done. Each message in the queue says what; the logs say why."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letters.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "oldest_message" {
  count = local.on_lambda ? 1 : 0

  alarm_name        = "${var.name}-oldest-message"
  alarm_description = "New objects of ${var.pipeline_name} wait to be loaded for longer than a message takes when a run fails once."
  namespace         = "AWS/SQS"
  metric_name       = "ApproximateAgeOfOldestMessage"
  dimensions        = { QueueName = aws_sqs_queue.triggers[0].name }
  statistic         = "Maximum"
  period            = 300
  # A message that came back once is as old as the visibility timeout.
  threshold           = 2 * aws_sqs_queue.triggers[0].visibility_timeout_seconds
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags
}

# Two of three: one failed invocation is tried again by itself.
resource "aws_cloudwatch_metric_alarm" "lambda" {
  for_each = local.on_lambda ? {
    Errors    = "Invocations of ${var.name} fail."
    Throttles = "Invocations of ${var.name} are refused: the account's or the function's concurrency is used up."
  } : {}

  alarm_name          = "${var.name}-${lower(each.key)}"
  alarm_description   = each.value
  namespace           = "AWS/Lambda"
  metric_name         = each.key
  dimensions          = { FunctionName = aws_lambda_function.etl[0].function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags
}
