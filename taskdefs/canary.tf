# Checks on a schedule, from inside a subnet, whether an image can be pulled there, and raises an alarm:
# as canary.yaml, for Terraform. `make lambda` makes the zip.

variable "zip" {
  type    = string
  default = "build/pullprobe-lambda.zip"
}

variable "image" { type = string }
variable "repository_arn" { type = string }
variable "subnets" { type = list(string) }
variable "security_groups" { type = list(string) }

variable "name" {
  type    = string
  default = "pullprobe"
}

variable "schedule" {
  type    = string
  default = "rate(15 minutes)"
}

variable "alarm_actions" {
  type    = list(string)
  default = []
}

resource "aws_cloudwatch_log_group" "log" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = 30
}

resource "aws_iam_role" "role" {
  name_prefix = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "policy" {
  role = aws_iam_role.role.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.log.arn}:*"
      },
      {
        Effect = "Allow"
        Action = [
          "ec2:CreateNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:DeleteNetworkInterface",
          "ec2:AssignPrivateIpAddresses",
          "ec2:UnassignPrivateIpAddresses",
        ]
        Resource = "*"
      },
      { Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" },
      {
        Effect   = "Allow"
        Action   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = var.repository_arn
      },
    ]
  })
}

resource "aws_lambda_function" "probe" {
  function_name    = var.name
  filename         = var.zip
  source_code_hash = filebase64sha256(var.zip)
  runtime          = "provided.al2023"
  architectures    = ["x86_64"]
  handler          = "bootstrap"
  role             = aws_iam_role.role.arn
  memory_size      = 128
  timeout          = 90
  depends_on       = [aws_iam_role_policy.policy]

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.log.name
  }

  vpc_config {
    subnet_ids         = var.subnets
    security_group_ids = var.security_groups
  }

  environment {
    variables = {
      PULLPROBE_IMAGE   = var.image
      PULLPROBE_OPTIONS = "--label ${var.name}"
    }
  }
}

resource "aws_lambda_function_event_invoke_config" "once" {
  function_name          = aws_lambda_function.probe.function_name
  maximum_retry_attempts = 0
}

resource "aws_cloudwatch_event_rule" "rule" {
  schedule_expression = var.schedule
}

resource "aws_cloudwatch_event_target" "target" {
  rule  = aws_cloudwatch_event_rule.rule.name
  arn   = aws_lambda_function.probe.arn
  input = "{}"
}

resource "aws_lambda_permission" "permission" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.probe.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.rule.arn
}

resource "aws_cloudwatch_metric_alarm" "alarm" {
  alarm_name          = var.name
  namespace           = "pullprobe"
  metric_name         = "PullWorks"
  dimensions          = { Image = var.image, Vantage = var.name }
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 900
  evaluation_periods  = 2
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarm_actions
}
