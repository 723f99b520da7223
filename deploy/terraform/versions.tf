terraform {
  required_version = ">= 1.6"

  required_providers {
    aws    = { source = "hashicorp/aws", version = ">= 6.0, < 7.0" }
    google = { source = "hashicorp/google", version = ">= 7.0, < 8.0" }
  }
}
