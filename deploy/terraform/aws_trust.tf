# Which service may take on a role.

data "aws_iam_policy_document" "trust" {
  for_each = toset(["lambda", "ecs-tasks", "scheduler"])

  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["${each.key}.amazonaws.com"]
    }

    # These say for which account they ask; Lambda does not.
    dynamic "condition" {
      for_each = each.key == "lambda" ? [] : [local.account]
      content {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [condition.value]
      }
    }
  }
}
