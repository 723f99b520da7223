using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Etl.Core.Errors;

namespace Etl.Connectors.Gcp.Doctor;

/// <summary>The sign-in, step by step, as a run does it in one.</summary>
internal sealed class SignInSteps(ConnectorContext context, ServiceCalls calls, Walk walk)
{
    private ExternalAccountFile? file;
    private string? account;
    private bool byAws;
    private ServiceAnswer? asked;
    private AwsCaller? caller;
    private string? federated;

    /// <summary>Walks it. Returns the member that permissions are granted to.</summary>
    public async Task<string> WalkAsync(CancellationToken cancel)
    {
        var location = CredentialsLocation.Find(context, Environment.GetEnvironmentVariable);
        await walk.TryAsync(StepId.CredentialsFile, location.Json is null ? Path.GetFileName(location.Path) ?? "" : location.Path!, needed: true, _ => Task.FromResult(ReadFile(location)), cancel).ConfigureAwait(false);
        if (!walk.Broken && !byAws)
        {
            await walk.TryAsync(StepId.AccessToken, "", needed: true, TokenAsync, cancel).ConfigureAwait(false);
            return account is null ? "MEMBER" : "serviceAccount:" + account;
        }

        var chain = new AwsDefaultChain();
        var aws = new AwsSteps(chain, calls, context.Time);
        JsonNode? proof = null;
        await walk.TryAsync(StepId.AwsCredentials, "", needed: true, async stop => new StepResult(await aws.ResolveAsync(stop).ConfigureAwait(false)), cancel).ConfigureAwait(false);
        await walk.TryAsync(
            StepId.Clock, "", needed: true,
            async stop =>
            {
                proof = JsonNode.Parse(Uri.UnescapeDataString(await new AwsSubjectToken(file!.Audience, (AwsSource)file.Source, chain, context.Time).GetSubjectTokenAsync(null!, stop).ConfigureAwait(false)))!;
                asked = await aws.AskAsync(proof, stop).ConfigureAwait(false);
                var (facts, warning) = aws.CheckClock(asked);
                return new StepResult(facts, warning);
            },
            cancel).ConfigureAwait(false);
        await walk.TryAsync(
            StepId.AwsCaller, "", needed: true,
            _ =>
            {
                caller = AwsSteps.Identify(asked!);
                return Task.FromResult(new StepResult([new StepFact("arn", caller.Arn), new StepFact("account", caller.Account), new StepFact("as Google sees it", caller.RoleAttribute)]));
            },
            cancel).ConfigureAwait(false);
        await walk.TryAsync(StepId.TokenExchange, file?.TokenUrl.Host ?? "", needed: true, stop => ExchangeAsync(proof!, stop), cancel).ConfigureAwait(false);
        if (file is { ImpersonationUrl: null }) return ProviderNames.Of(file.Audience).RoleMember(caller?.RoleAttribute ?? "ROLE");
        await walk.TryAsync(StepId.Impersonation, file?.ServiceAccount ?? "", needed: true, ImpersonateAsync, cancel).ConfigureAwait(false);
        return "serviceAccount:" + (file?.ServiceAccount ?? "EMAIL");
    }

    private StepResult ReadFile(CredentialsLocation location)
    {
        if (location.Path is not { } path) return new StepResult([new StepFact("kind", "none named: the metadata server of Google Cloud")]);
        try
        {
            var layout = location.Read();
            var trusted = TrustedAddresses.Of(Environment.GetEnvironmentVariable);
            if (location.MayBeUser && layout.Type is "authorized_user" or ImpersonatedFile.Type) return ReadUserFile(path, layout, trusted);
            file = ExternalAccountFile.Check(path, layout, trusted);
            (account, byAws) = (file.ServiceAccount, file.Source is AwsSource);
        }
        catch (ServiceException e)
        {
            throw new StepFailedException(DiagnosisCause.CredentialsFileWrong, e.Message, said: null, "Make the file again; it holds no secret:", "$ etl auth setup …");
        }

        return new StepResult(
        [
            new StepFact("file", path),
            new StepFact("kind", $"external_account for {(byAws ? "AWS" : "an OpenID Connect token")}"),
            new StepFact("audience", file.Audience),
            new StepFact("service account", file.ServiceAccount ?? "none: the federated identity has the permissions itself"),
            new StepFact("addresses", $"{file.TokenUrl.Host}{(file.ImpersonationUrl is { } url ? ", " + url.Host : "")}: {(file.TokenUrl.IsLoopback ? "loopback, for the local cloud" : "Google's own")}"),
        ]);
    }

    private StepResult ReadUserFile(string path, CredentialsLayout layout, TrustedAddresses trusted)
    {
        try
        {
            var facts = new List<StepFact> { new("file", path), new("kind", "gcloud's own sign-in") };
            if (layout.Type == ImpersonatedFile.Type)
            {
                account = ImpersonatedFile.Check(path, layout, trusted).ServiceAccount;
                facts.Add(new StepFact("service account", account));
            }
            else
            {
                _ = AuthorizedUserFile.Check(path, layout, trusted);
            }

            return new StepResult(facts);
        }
        catch (ServiceException e)
        {
            throw new StepFailedException(DiagnosisCause.CredentialsFileWrong, e.Message, said: null, "Sign in with gcloud again:", "$ gcloud auth application-default login");
        }
    }

    // Of the other sign-ins the run's own is asked, in one step.
    private async Task<StepResult> TokenAsync(CancellationToken cancel)
    {
        await GoogleSession.Of(context).Credential.GetAccessTokenForRequestAsync(cancellationToken: cancel).ConfigureAwait(false);
        return new StepResult([new StepFact("token", "issued")]);
    }

    private async Task<StepResult> ExchangeAsync(JsonNode proof, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, file!.TokenUrl)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
                ["audience"] = file.Audience,
                ["scope"] = "https://www.googleapis.com/auth/cloud-platform",
                ["requested_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
                ["subject_token_type"] = ExternalAccountFile.AwsSubjectTokenType,
                ["subject_token"] = Uri.EscapeDataString(proof.ToJsonString()),
            }),
        };
        var answer = await calls.SendAsync(request, cancel).ConfigureAwait(false);
        if (!answer.Ok)
        {
            var provider = await new IamViews(calls, file.UniverseDomain).ProviderAsync(ProviderNames.Of(file.Audience), federated: null, cancel).ConfigureAwait(false);
            throw ExchangeRefusals.Explain(answer, file, caller!, provider);
        }

        federated = ServiceAnswer.TextOf(answer.Json(), "access_token") ?? throw new StepFailedException(DiagnosisCause.ServiceFailed, "Google's answer holds no access token.", said: null, $"Check token_url in {file.Path}.");
        return new StepResult([new StepFact("token", string.Create(CultureInfo.InvariantCulture, $"federated, good for {answer.Json()["expires_in"]} seconds"))]);
    }

    private async Task<StepResult> ImpersonateAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, file!.ImpersonationUrl)
        {
            Content = JsonContent.Create(new { scope = new[] { "https://www.googleapis.com/auth/cloud-platform" }, lifetime = string.Create(CultureInfo.InvariantCulture, $"{file.TokenLifetime.TotalSeconds:0}s") }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", federated);
        var answer = await calls.SendAsync(request, cancel).ConfigureAwait(false);
        if (answer.Ok) return new StepResult([new StepFact("token", $"of the service account, good until {answer.Json()["expireTime"]}")]);
        var views = new IamViews(calls, file.UniverseDomain);
        var provider = await views.ProviderAsync(ProviderNames.Of(file.Audience), federated, cancel).ConfigureAwait(false);
        var bindings = file.ServiceAccount is { } account ? await views.BindingsAsync(account, federated, cancel).ConfigureAwait(false) : null;
        throw ImpersonationRefusals.Explain(answer, file, caller!, provider, bindings);
    }
}
