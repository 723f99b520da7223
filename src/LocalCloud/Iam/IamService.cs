using System.Text.Json.Nodes;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Iam;

/// <summary>IAM's own API, for those who may look: the provider (providers.get) and the service account's bindings (serviceAccounts.getIamPolicy) (https://cloud.google.com/iam/docs/reference/rest).</summary>
internal sealed class IamService(CloudPolicy policy, AccessControl access, ITokenAuthority tokens)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (await BearerTokens.IdentifyAsync(context, tokens).ConfigureAwait(false) is not { } who) return;
        var path = Uri.UnescapeDataString(context.Request.Path.Value ?? "");
        var provider = policy.Provider;
        if (HttpMethods.IsGet(context.Request.Method) && path == "/v1/" + provider.Name)
        {
            if (!await PermitAsync(context, who, "iam.workloadIdentityPoolProviders.get").ConfigureAwait(false)) return;
            var answer = new JsonObject
            {
                ["name"] = provider.Name,
                ["state"] = "ACTIVE",
                ["disabled"] = provider.Disabled,
                ["attributeMapping"] = new JsonObject(provider.AttributeMapping.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))),
                ["aws"] = new JsonObject { ["accountId"] = provider.AccountId },
            };
            if (provider.AttributeCondition is { } condition) answer["attributeCondition"] = condition;
            await WriteAsync(context, answer).ConfigureAwait(false);
        }
        else if (HttpMethods.IsPost(context.Request.Method) && path == $"/v1/projects/-/serviceAccounts/{access.Account.Email}:getIamPolicy")
        {
            if (!await PermitAsync(context, who, "iam.serviceAccounts.getIamPolicy").ConfigureAwait(false)) return;
            await WriteAsync(context, new JsonObject
            {
                ["version"] = 1,
                ["etag"] = "BwYAAAAAAAA=",
                ["bindings"] = new JsonArray([.. access.AccountBindings.Select(b => new JsonObject { ["role"] = b.Role, ["members"] = new JsonArray([.. b.Members.Select(m => JsonValue.Create(m))]) })]),
            }).ConfigureAwait(false);
        }
        else
        {
            await GoogleErrors.WriteAsync(context, 404, "notFound", "Requested entity was not found.", "NOT_FOUND").ConfigureAwait(false);
        }
    }

    private async Task<bool> PermitAsync(HttpContext context, GoogleIdentity who, string permission)
    {
        if (access.Allows(who, permission, $"projects/{policy.Provider.ProjectNumber}")) return true;
        await GoogleErrors.WriteAsync(context, 403, "forbidden", $"Permission '{permission}' denied on resource (or it may not exist).", "PERMISSION_DENIED").ConfigureAwait(false);
        return false;
    }

    private static Task WriteAsync(HttpContext context, JsonObject answer)
    {
        context.Response.ContentType = "application/json; charset=UTF-8";
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }
}
