# The one role that reads the source and signs in to Google. Its sessions call as local.assumed_role_arn.

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  on_lambda  = var.compute == "lambda"
  on_fargate = var.compute == "fargate"

  account    = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  bucket_arn = "arn:${local.partition}:s3:::${var.source_bucket}"

  # The form that Google sees, and that bindings must have: sts and assumed-role, not iam and role.
  assumed_role_arn = "arn:${local.partition}:sts::${local.account}:assumed-role/${aws_iam_role.etl.name}"

  # In a policy these characters mean something, unless they are written so.
  source_prefix = replace(replace(replace(var.source_prefix, "$", "$${$}"), "*", "$${*}"), "?", "$${?}")
}

resource "aws_iam_role" "etl" {
  name                 = var.name
  description          = "Reads ${var.source_bucket} and loads BigQuery, with no key."
  assume_role_policy   = data.aws_iam_policy_document.trust[local.on_lambda ? "lambda" : "ecs-tasks"].json
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

# sts:GetCallerIdentity, which signs in to Google, takes no permission.
data "aws_iam_policy_document" "source" {
  statement {
    sid       = "ListSource"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arn]

    dynamic "condition" {
      for_each = var.source_prefix == "" ? [] : ["${local.source_prefix}*"]
      content {
        test     = "StringLike"
        variable = "s3:prefix"
        values   = [condition.value]
      }
    }
  }

  statement {
    sid       = "ReadSource"
    actions   = ["s3:GetObject"]
    resources = ["${local.bucket_arn}/${local.source_prefix}*"]
  }

  dynamic "statement" {
    for_each = var.source_kms_key_arn == null ? [] : [var.source_kms_key_arn]
    content {
      sid       = "DecryptSource"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role_policy" "source" {
  name   = "etl-read-source"
  role   = aws_iam_role.etl.id
  policy = data.aws_iam_policy_document.source.json
}
