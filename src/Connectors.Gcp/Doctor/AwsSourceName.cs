using Amazon.Runtime;

namespace Etl.Connectors.Gcp.Doctor;

/// <summary>Names the source of the AWS SDK's chain that credentials came from.</summary>
internal static class AwsSourceName
{
    public static string Of(AWSCredentials credentials, Func<string, string?> environment) => credentials switch
    {
        EnvironmentVariablesAWSCredentials when environment("AWS_LAMBDA_FUNCTION_NAME") is { Length: > 0 } function => $"the Lambda function {function}'s role, in its environment",
        EnvironmentVariablesAWSCredentials => "environment variables (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN)",
        SSOAWSCredentials => $"IAM Identity Center (SSO), {Profile(environment)}",
        AssumeRoleAWSCredentials => $"an assumed role, {Profile(environment)}",
        AssumeRoleWithWebIdentityCredentials => "a web identity token file (EKS IRSA: AWS_WEB_IDENTITY_TOKEN_FILE)",
        ProcessAWSCredentials => $"a credential_process, {Profile(environment)}",
        // The chain's own type for it is not public.
        _ when credentials.GetType().Name.Contains("InstanceProfile", StringComparison.Ordinal) => "the EC2 instance's role (IMDSv2)",
        GenericContainerCredentials when environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") is { Length: > 0 } => "EKS Pod Identity (the container credentials endpoint)",
        GenericContainerCredentials => "the ECS or Fargate task's role (the container credentials endpoint)",
        BasicAWSCredentials or SessionAWSCredentials => $"keys, {Profile(environment)}",
        _ => credentials.GetType().Name,
    };

    private static string Profile(Func<string, string?> environment) =>
        $"profile {(environment("AWS_PROFILE") is { Length: > 0 } name ? name : "default")} of ~/.aws";
}
