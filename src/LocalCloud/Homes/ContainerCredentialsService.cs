using System.Text.Json.Nodes;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Homes;

/// <summary>The credentials endpoint of a container: ECS and Fargate (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html), EKS Pod Identity, Lambda SnapStart.</summary>
/// <param name="assume">The role's credentials.</param>
/// <param name="path">The path of this container alone.</param>
/// <param name="authorised">Whether an <c>Authorization</c> header is the container's.</param>
internal sealed class ContainerCredentialsService(Func<AwsKey> assume, string path, Func<string, bool> authorised)
{
    public Task HandleAsync(HttpContext context)
    {
        var (status, answer) = context.Request.Path != path ? (404, Problem("InvalidIdInRequest", "CredentialsV2Request: Credentials not found"))
            : !authorised(context.Request.Headers.Authorization.ToString()) ? (401, Problem("AccessDeniedException", "Unauthorized Exception! EKS does not have permissions to assume the associated role."))
            : (200, RoleCredentials.Json(assume()));
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private static JsonObject Problem(string code, string message) => new() { ["code"] = code, ["message"] = message };
}
