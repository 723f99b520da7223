using Etl.LocalCloud.Faults;

namespace Etl.Chaos.Tests;

/// <summary>A fault plan by seed: two to seven rules, each at a random service, place and number of requests.</summary>
internal static class RandomPlan
{
    private static readonly string[] Services = ["s3", "aws-sts", "google-sts", "iam-credentials", "cloud-storage", "cloud-storage", "bigquery", "bigquery"];

    public static FaultPlan Make(int seed, Random random) =>
        new() { Seed = seed, Rules = [.. Enumerable.Range(0, random.Next(2, 8)).Select(_ => Rule(random))] };

    private static FaultRule Rule(Random random)
    {
        string Service() => Services[random.Next(Services.Length)];

        var rule = random.Next(16) switch
        {
            0 => new FaultRule { Fault = FaultKind.Status, Service = Service(), Status = 500 },
            1 or 2 => new FaultRule { Fault = FaultKind.Status, Service = Service(), Status = 503, RetryAfter = random.Next(3) == 0 ? 1 : null },
            3 => new FaultRule { Fault = FaultKind.Status, Service = Service(), Status = 429, RetryAfter = random.Next(2) == 0 ? 1 : null },
            4 => new FaultRule { Fault = FaultKind.Status, Service = "bigquery", Status = 403, Reason = "rateLimitExceeded" },
            5 => new FaultRule { Fault = FaultKind.ResetBefore, Service = Service() },
            6 or 7 => new FaultRule { Fault = FaultKind.ResetAfter, Service = Service() },
            8 => new FaultRule { Fault = FaultKind.ResetDuring, Service = "cloud-storage", Method = "PUT" },
            9 => new FaultRule { Fault = FaultKind.Truncate, Service = Service() },
            10 => new FaultRule { Fault = FaultKind.CorruptRequest, Service = "cloud-storage", Method = "PUT" },
            // Only what is checked from end to end: a flipped bit of anything else does not get through TLS.
            11 => new FaultRule { Fault = FaultKind.CorruptResponse, Service = "cloud-storage", Method = "GET", Path = "*alt=media*" },
            12 => new FaultRule { Fault = FaultKind.Drip, Service = Service() },
            13 => new FaultRule { Fault = FaultKind.StaleListing, After = 1 },
            14 => new FaultRule { Fault = FaultKind.ExpiredToken, Service = random.Next(2) == 0 ? "cloud-storage" : Service() is var s && s is "google-sts" or "aws-sts" ? "bigquery" : Service() },
            _ => new FaultRule { Fault = random.Next(2) == 0 ? FaultKind.DuplicateJob : FaultKind.FailJob },
        };
        return rule with
        {
            After = Math.Max(rule.After, rule.Service is "cloud-storage" ? random.Next(0, 25) : rule.Service is "s3" or "bigquery" ? random.Next(0, 6) : 0),
            Count = random.Next(4) == 0 ? random.Next(2, 8) : 1,
            Probability = random.Next(3) == 0 ? 0.3 : 1,
        };
    }
}
