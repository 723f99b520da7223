resource "aws_lambda_function" "etl" {
  count = local.on_lambda ? 1 : 0

  function_name                  = var.name
  description                    = "Runs the pipeline ${var.pipeline_name}."
  role                           = aws_iam_role.etl.arn
  package_type                   = var.image_uri != null ? "Image" : "Zip"
  image_uri                      = var.image_uri
  filename                       = var.lambda_zip
  source_code_hash               = var.lambda_zip == null ? null : filebase64sha256(var.lambda_zip)
  handler                        = var.lambda_zip == null ? null : "bootstrap"
  runtime                        = var.lambda_zip == null ? null : "provided.al2023"
  architectures                  = [var.architecture]
  memory_size                    = var.lambda_memory_mb
  timeout                        = var.lambda_timeout_seconds
  reserved_concurrent_executions = var.lambda_reserved_concurrency
  kms_key_arn                    = var.kms_key_arn
  tags                           = var.tags

  environment {
    variables = merge(local.environment, { ETL_CONTINUE_QUEUE = aws_sqs_queue.triggers[0].url })
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.etl.name
  }

  # Without its permissions it would start and fail.
  depends_on = [aws_iam_role_policy.source, aws_iam_role_policy.lambda]

  lifecycle {
    precondition {
      condition     = (var.image_uri == null) != (var.lambda_zip == null)
      error_message = "On Lambda set one of image_uri and lambda_zip."
    }
  }
}

# What Lambda needs of the function's role: its logs, and the queue that calls it, into which a run longer than one invocation writes to go on.
data "aws_iam_policy_document" "lambda" {
  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.etl.arn}:*"]
  }

  dynamic "statement" {
    for_each = aws_sqs_queue.triggers[*].arn
    content {
      sid       = "Messages"
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"]
      resources = [statement.value]
    }
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

resource "aws_iam_role_policy" "lambda" {
  count = local.on_lambda ? 1 : 0

  name   = "etl-lambda"
  role   = aws_iam_role.etl.id
  policy = data.aws_iam_policy_document.lambda.json
}
