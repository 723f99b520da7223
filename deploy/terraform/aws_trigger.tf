# The queue that calls the function: the bucket tells it of new objects, the schedule of the time, and a run of more to do (Lambda only).

resource "aws_sqs_queue" "triggers" {
  count = local.on_lambda ? 1 : 0

  name = "${var.name}-triggers"
  # Six times the function's timeout, as Lambda's guide asks, so that no message comes back while it is worked on.
  visibility_timeout_seconds = 6 * var.lambda_timeout_seconds + var.batch_window_seconds
  message_retention_seconds  = 14 * 24 * 60 * 60
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = var.kms_key_arn == null ? true : null
  kms_master_key_id          = var.kms_key_arn
  tags                       = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = var.max_receive_count
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  count = local.on_lambda ? 1 : 0

  queue_url = aws_sqs_queue.dead_letters.url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.triggers[0].arn]
  })
}

data "aws_iam_policy_document" "triggers" {
  count = local.on_lambda ? 1 : 0

  statement {
    sid       = "NewObjects"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.triggers[0].arn]
    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.bucket_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }

  statement {
    sid       = "EncryptedConnections"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.triggers[0].arn]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "triggers" {
  count = local.on_lambda ? 1 : 0

  queue_url = aws_sqs_queue.triggers[0].url
  policy    = data.aws_iam_policy_document.triggers[0].json
}

resource "aws_s3_bucket_notification" "source" {
  count = local.on_lambda && var.notify ? 1 : 0

  bucket = var.source_bucket

  queue {
    id            = var.name
    queue_arn     = aws_sqs_queue.triggers[0].arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = var.source_prefix
  }

  # S3 tries the queue when this is made.
  depends_on = [aws_sqs_queue_policy.triggers]
}

resource "aws_lambda_event_source_mapping" "triggers" {
  count = local.on_lambda ? 1 : 0

  event_source_arn                   = aws_sqs_queue.triggers[0].arn
  function_name                      = aws_lambda_function.etl[0].arn
  batch_size                         = 1000
  maximum_batching_window_in_seconds = var.batch_window_seconds
  function_response_types            = ["ReportBatchItemFailures"]
  tags                               = var.tags

  # The least there is. One works, and the other finds that out by the pipeline's lease and leaves its messages for later.
  scaling_config {
    maximum_concurrency = 2
  }

  depends_on = [aws_iam_role_policy.lambda]
}
