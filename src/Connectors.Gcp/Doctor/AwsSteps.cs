using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Etl.Connectors.Gcp.Federation;
using Etl.Core.Errors;

namespace Etl.Connectors.Gcp.Doctor;

/// <summary>The AWS half of the chain: credentials, the clock, and whom AWS takes us for.</summary>
internal sealed class AwsSteps(AwsDefaultChain chain, ServiceCalls calls, TimeProvider time)
{
    private static readonly TimeSpan SkewThatFails = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan SkewThatWarns = TimeSpan.FromMinutes(5);

    public async Task<IReadOnlyList<StepFact>> ResolveAsync(CancellationToken cancel)
    {
        try
        {
            var (credentials, region) = await chain.ResolveAsync(cancel).ConfigureAwait(false);
            var key = credentials.AccessKey;
            return
            [
                new StepFact("source", AwsSourceName.Of(chain.Source!, Environment.GetEnvironmentVariable)),
                new StepFact("access key", key.Length > 8 ? $"{key[..4]}…{key[^4..]}{(string.IsNullOrEmpty(credentials.Token) ? " (a long-lived key: a role's session is safer)" : "")}" : "…"),
                new StepFact("region", region),
            ];
        }
        catch (ServiceException e) when (e.InnerException is null)
        {
            // A variable or a profile that leads elsewhere: nothing was looked for.
            throw new StepFailedException(DiagnosisCause.AwsCredentialsMissing, e.Message, said: null, "Correct what it names, or unset it.");
        }
        catch (ServiceException e)
        {
            throw new StepFailedException(
                DiagnosisCause.AwsCredentialsMissing,
                "No AWS credentials were found in any place the AWS SDK looks: environment, web identity token, ~/.aws profiles and SSO, container endpoint, instance role.",
                e.InnerException is { } inner ? ServiceCalls.Quote(inner.Message) : null,
                "On AWS give the task, pod, function or instance a role.",
                "On a laptop sign in and name the profile:",
                "$ aws sso login --profile PROFILE && export AWS_PROFILE=PROFILE");
        }
    }

    /// <summary>Sends AWS the very request that Google is going to send. Says who we are, and what AWS's clock says.</summary>
    public async Task<ServiceAnswer> AskAsync(JsonNode proof, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(new HttpMethod((string)proof["method"]!), Address(new Uri((string)proof["url"]!)));
        foreach (var header in proof["headers"]!.AsArray())
            request.Headers.TryAddWithoutValidation((string)header!["key"]!, (string)header["value"]!);
        return await calls.SendAsync(request, cancel).ConfigureAwait(false);
    }

    // Where the SDK itself would ask STS: a VPC's own endpoint, or the local cloud. What is signed, the host too, stays as it is.
    private static Uri Address(Uri signed) =>
        Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_STS") is { Length: > 0 } text && Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && (endpoint.Scheme == "https" || endpoint.IsLoopback)
            ? new Uri(endpoint, signed.PathAndQuery) : signed;

    /// <summary>How far this machine's clock is from AWS's.</summary>
    public (IReadOnlyList<StepFact> Facts, StepProblem? Warning) CheckClock(ServiceAnswer answer)
    {
        if (answer.Date is not { } theirs) return ([new StepFact("offset", "AWS's answer had no date")], null);
        var offset = time.GetUtcNow() - theirs;
        var words = offset.Duration() < TimeSpan.FromSeconds(2) ? "within 2 seconds of AWS's"
            : string.Create(CultureInfo.InvariantCulture, $"{offset.Duration().TotalSeconds:0} seconds {(offset > TimeSpan.Zero ? "ahead of" : "behind")} AWS's");
        string[] fixes = ["Set the clock, and keep it set by NTP (on EC2: the Amazon Time Sync Service, 169.254.169.123).", "$ timedatectl set-ntp true"];
        if (offset.Duration() >= SkewThatFails)
            throw new StepFailedException(DiagnosisCause.ClockSkew, $"This machine's clock is {words}. AWS refuses signatures that are 15 minutes off, so nothing can be signed here.", said: null, fixes);
        return ([new StepFact("offset", words)], offset.Duration() < SkewThatWarns ? null : new StepProblem(DiagnosisCause.ClockSkew, $"This machine's clock is {words}; from 15 minutes on AWS refuses what it signs.", fixes));
    }

    /// <summary>Whom AWS takes us for.</summary>
    public static AwsCaller Identify(ServiceAnswer answer)
    {
        if (answer.Ok && Element(answer.Body, "Arn") is { } arn) return new AwsCaller(arn);
        var (code, message) = (Element(answer.Body, "Code") ?? "", Element(answer.Body, "Message") ?? answer.Body);
        var said = ServiceCalls.Quote($"HTTP {(int)answer.Status}, {code}: {message}");
        throw code switch
        {
            "ExpiredToken" or "ExpiredTokenException" => new StepFailedException(
                DiagnosisCause.AwsTokenExpired, "The AWS session has expired.", said,
                "Sign in again, or let the place give the role: exported session keys do not renew themselves.", "$ aws sso login"),
            "SignatureDoesNotMatch" when message.Contains("Signature expired", StringComparison.Ordinal) || message.Contains("not yet current", StringComparison.Ordinal) => new StepFailedException(
                DiagnosisCause.ClockSkew, "AWS refuses the signature for its date: this machine's clock is off.", said, "Set the clock, and keep it set by NTP.", "$ timedatectl set-ntp true"),
            "SignatureDoesNotMatch" => new StepFailedException(
                DiagnosisCause.AwsCredentialsRefused, "AWS does not accept the signature: the secret access key does not belong to the access key, or lost a character when it was copied.", said,
                "Copy access key, secret and session token again, all three from one place."),
            _ => new StepFailedException(
                DiagnosisCause.AwsCredentialsRefused, "AWS does not know these credentials: deleted, of another partition, or a session token that does not belong to the access key.", said,
                "Copy access key, secret and session token again, all three from one place; see who they are:", "$ aws sts get-caller-identity"),
        };
    }

    // AWS answers in XML, or in JSON to who asks for it.
    private static string? Element(string body, string name)
    {
        try
        {
            return XDocument.Parse(body).Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
        }
        catch (System.Xml.XmlException)
        {
            return null;
        }
    }
}
