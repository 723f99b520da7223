locals {
  cluster_arn = local.on_fargate ? coalesce(var.fargate.cluster_arn, one(aws_ecs_cluster.etl[*].arn)) : null
}

resource "aws_ecs_cluster" "etl" {
  count = local.on_fargate && var.fargate.cluster_arn == null ? 1 : 0

  name = var.name
  tags = var.tags
}

resource "aws_ecs_task_definition" "etl" {
  count = local.on_fargate ? 1 : 0

  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.fargate.cpu
  memory                   = var.fargate.memory_mb
  task_role_arn            = aws_iam_role.etl.arn
  execution_role_arn       = aws_iam_role.execution[0].arn
  tags                     = var.tags

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = upper(var.architecture)
  }

  container_definitions = jsonencode([{
    name                   = "etl"
    image                  = var.image_uri
    command                = ["run", var.pipeline_file]
    essential              = true
    readonlyRootFilesystem = true
    stopTimeout            = 120 # Etl ends in order when it is told to stop.
    linuxParameters        = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
    environment            = [for key, value in local.environment : { name = key, value = value }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        "awslogs-group"         = aws_cloudwatch_log_group.etl.name
        "awslogs-region"        = data.aws_region.current.region
        "awslogs-stream-prefix" = "etl"
      }
    }
  }])

  lifecycle {
    precondition {
      condition     = var.image_uri != null && length(var.fargate.subnet_ids) > 0
      error_message = "On Fargate set image_uri, and fargate = { subnet_ids = [...] }."
    }
  }
}

# What ECS needs to start the task: the image and the logs. The task itself has the other role.
resource "aws_iam_role" "execution" {
  count = local.on_fargate ? 1 : 0

  name                 = "${var.name}-execution"
  assume_role_policy   = data.aws_iam_policy_document.trust["ecs-tasks"].json
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "execution" {
  count = local.on_fargate ? 1 : 0

  role       = aws_iam_role.execution[0].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

# A task that ended badly is a dead letter. Not 75: another run was at work, and this one left it to that. Nor 143: it was told to stop, and the next goes on.
resource "aws_cloudwatch_event_rule" "failed_task" {
  count = local.on_fargate ? 1 : 0

  name        = "${var.name}-failed"
  description = "Tasks of ${var.name} that failed or never started."
  tags        = var.tags

  event_pattern = jsonencode({
    source      = ["aws.ecs"]
    detail-type = ["ECS Task State Change"]
    detail = {
      clusterArn        = [local.cluster_arn]
      taskDefinitionArn = [{ prefix = "${aws_ecs_task_definition.etl[0].arn_without_revision}:" }]
      lastStatus        = ["STOPPED"]
      "$or" = [
        { containers = { exitCode = [{ anything-but = [0, 75, 143] }] } },
        { stopCode = ["TaskFailedToStart"] },
      ]
    }
  })
}

resource "aws_cloudwatch_event_target" "failed_task" {
  count = local.on_fargate ? 1 : 0

  rule = aws_cloudwatch_event_rule.failed_task[0].name
  arn  = aws_sqs_queue.dead_letters.arn
}
