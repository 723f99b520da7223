using System.CommandLine;
using System.Text.Json.Nodes;
using Etl.Connectors.Aws.S3;
using Etl.Connectors.Gcp.BigQuery;
using Etl.Connectors.Gcp.Setup;
using Etl.Core.Pipelines;
using Etl.Runner.Auth;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl auth setup [PIPELINE]</c>: writes the credentials file, and prints or writes what makes the trust. Runs nothing.</summary>
internal static class AuthSetupCommand
{
    private const string AwsPolicyFile = "etl-aws-policy.json";
    private const string TerraformName = "etl-auth.tf";

    public static Command Create()
    {
        var file = new Argument<FileInfo?>("pipeline") { Description = "A pipeline file: its buckets, dataset and source are what the roles are for.", Arity = ArgumentArity.ZeroOrOne };
        var project = new Option<string?>("--project") { Description = "The Google project's id. Default: the pipeline's BigQuery project." };
        var number = new Option<string>("--project-number") { Description = "The Google project's number: gcloud projects describe PROJECT --format='value(projectNumber)'", Required = true };
        var role = new Option<string>("--role") { Description = "The AWS role that runs Etl: its ARN, as arn:aws:iam::ACCOUNT:role/NAME or arn:aws:sts::ACCOUNT:assumed-role/NAME, or its name with --aws-account.", Required = true };
        var account = new Option<string?>("--aws-account") { Description = "The AWS account, when --role is a name." };
        var session = new Option<string?>("--session") { Description = "Stricter: only this session of the role." };
        var prefix = new Option<string?>("--session-prefix") { Description = "Stricter: only sessions whose names start so." };
        var pool = new Option<string>("--pool") { Description = "The workload identity pool's id.", DefaultValueFactory = _ => "etl-pool" };
        var provider = new Option<string>("--provider") { Description = "The provider's id.", DefaultValueFactory = _ => "aws" };
        var service = new Option<string>("--service-account") { Description = "The service account's id (before the @).", DefaultValueFactory = _ => "etl-loader" };
        var bucket = new Option<string[]>("--bucket") { Description = "A staging bucket, besides the pipeline's." };
        var dataset = new Option<string[]>("--dataset") { Description = "A dataset, as DATASET or PROJECT.DATASET, besides the pipeline's." };
        var source = new Option<string?>("--source") { Description = "What is read, as s3://BUCKET/PREFIX. Default: the pipeline's." };
        var credentials = new Option<FileInfo>("--credentials") { Description = "Where to write the credentials file.", DefaultValueFactory = _ => new FileInfo("wif.json") };
        var terraform = new Option<bool>("--terraform") { Description = $"Write {TerraformName} beside the credentials file, instead of printing gcloud commands." };
        var force = new Option<bool>("--force") { Description = "Overwrite files that say something else." };
        var command = new Command("setup", "Writes the credentials file of a keyless sign-in, and prints the commands (or writes the Terraform) that make the trust. Runs nothing.")
        {
            file, project, number, role, account, session, prefix, pool, provider, service, bucket, dataset, source, credentials, terraform, force,
        };
        var json = new JsonOption("Print what was written and the commands as JSON.").AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            var definition = parsed.GetValue(file) is { } path ? new PipelineFile(Registrations.All(), Environment.GetEnvironmentVariable).Read(RunCommand.PathAsGiven(path)) : null;
            try
            {
                var (sourceBucket, sourcePrefix) = Source(parsed.GetValue(source), definition);
                var tables = definition?.Loads.Select(l => l.Options).OfType<BigQueryOptions>().ToList() ?? [];
                var id = parsed.GetValue(project) ?? tables.FirstOrDefault()?.Project ?? throw new FormatException("Name the Google project: --project, or a pipeline file with a bigquery sink.");
                var plan = new SetupPlan
                {
                    Project = Named(id, "--project", SetupNames.Project),
                    ProjectNumber = Named(parsed.GetRequiredValue(number), "--project-number", SetupNames.Number),
                    Role = AwsRole.Parse(parsed.GetRequiredValue(role), parsed.GetValue(account)),
                    Session = parsed.GetValue(session) is { } one ? Named(one, "--session", SetupNames.Session) : null,
                    SessionPrefix = parsed.GetValue(prefix) is { } start ? Named(start, "--session-prefix", SetupNames.Session) : null,
                    Pool = Named(parsed.GetRequiredValue(pool), "--pool", SetupNames.Pool),
                    Provider = Named(parsed.GetRequiredValue(provider), "--provider", SetupNames.Pool),
                    ServiceAccount = Named(parsed.GetRequiredValue(service), "--service-account", SetupNames.Account),
                    Buckets = [.. (definition is null ? [] : Targets.Of(definition).Buckets).Concat((parsed.GetValue(bucket) ?? []).Select(b => Named(b, "--bucket", SetupNames.Bucket))).Distinct()],
                    Datasets = [.. tables.Select(t => new SetupDataset(t.Project, t.Dataset)).Concat((parsed.GetValue(dataset) ?? []).Select(d => Dataset(d, id))).Distinct()],
                    SourceBucket = sourceBucket,
                    SourcePrefix = sourcePrefix,
                };
                plan.Check();
                return await WriteAsync(plan, parsed.GetRequiredValue(credentials), parsed.GetValue(terraform), parsed.GetValue(force), json.Read(parsed), cancel);
            }
            catch (FormatException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return ExitCodes.Usage;
            }
        });
        return command;
    }

    private static async Task<int> WriteAsync(SetupPlan plan, FileInfo credentials, bool terraform, bool force, bool json, CancellationToken cancel)
    {
        var folder = credentials.DirectoryName!;
        var files = new List<(string Path, string Text, string What)> { (credentials.FullName, SetupFiles.Credentials(plan), "how to sign in; it holds no secret, so it may be committed") };
        if (terraform) files.Add((Path.Combine(folder, TerraformName), TerraformFile.Write(plan), "what makes the trust; read it, then terraform plan"));
        else if (plan.SourceBucket is not null) files.Add((Path.Combine(folder, AwsPolicyFile), SetupFiles.AwsPolicy(plan), "what the role may do at AWS"));
        // All or none: a half-written set would not fit together.
        var others = force ? [] : files.Where(f => File.Exists(f.Path) && File.ReadAllText(f.Path) != f.Text).Select(f => Relative(f.Path)).ToList();
        if (others.Count > 0)
        {
            await Console.Error.WriteLineAsync($"{string.Join(" and ", others)} {(others.Count == 1 ? "is" : "are")} there and would change. Nothing was written. Look at what is there; --force overwrites it.");
            return ExitCodes.Usage;
        }

        var script = terraform ? null : GcloudScript.Write(plan, plan.SourceBucket is null ? null : Relative(files[^1].Path));
        var written = new JsonArray();
        foreach (var (path, text, what) in files)
        {
            var same = File.Exists(path) && await File.ReadAllTextAsync(path, cancel) == text;
            Directory.CreateDirectory(folder);
            if (!same) await File.WriteAllTextAsync(path, text, cancel);
            written.Add(new JsonObject { ["file"] = path, ["what"] = what, ["changed"] = !same });
            if (!json) await Console.Error.WriteLineAsync($"{(same ? "unchanged" : "wrote    ")} {Relative(path)}: {what}");
        }

        if (json)
        {
            JsonLine.Print(new JsonObject { ["files"] = written, ["role"] = plan.Role.AssumedRoleArn, ["service_account"] = plan.Email, ["script"] = script });
            return ExitCodes.Success;
        }

        await Console.Error.WriteLineAsync($"the role   {plan.Role.AssumedRoleArn} ({(plan.Session is not null ? $"only session {plan.Session}" : plan.SessionPrefix is not null ? $"only sessions {plan.SessionPrefix}…" : "every session")}) will act as {plan.Email}");
        if (plan.Buckets.Count + plan.Datasets.Count == 0) await Console.Error.WriteLineAsync("note       no bucket and no dataset is named, so no role on data is given: name a pipeline file, or --bucket and --dataset");
        if (script is not null) await Console.Out.WriteAsync(script.AsMemory(), cancel);
        await Console.Error.WriteLineAsync($"next       {(terraform ? "terraform init && terraform plan" : "read the commands (etl auth setup … > setup.sh), run them")}; then, where the role is: etl auth check");
        return ExitCodes.Success;
    }

    private static (string? Bucket, string Prefix) Source(string? given, PipelineDefinition? definition)
    {
        if (given is null) return definition?.Source.Options is S3Options s3 ? (s3.Bucket, s3.Prefix) : (null, "");
        if (!given.StartsWith("s3://", StringComparison.Ordinal)) throw new FormatException($"--source {given} must look like s3://BUCKET/PREFIX.");
        var parts = given[5..].Split('/', 2);
        return (Named(parts[0], "--source", SetupNames.Bucket), parts.Length > 1 ? parts[1] : "");
    }

    private static SetupDataset Dataset(string text, string project)
    {
        var parts = text.Split('.', 2);
        return parts.Length == 2 ? new SetupDataset(Named(parts[0], "--dataset", SetupNames.Project), Named(parts[1], "--dataset", SetupNames.Dataset)) : new SetupDataset(project, Named(text, "--dataset", SetupNames.Dataset));
    }

    // Names go into commands and HCL, so only what a name may hold is let through.
    private static string Named(string text, string option, System.Text.RegularExpressions.Regex pattern) =>
        pattern.IsMatch(text) ? text : throw new FormatException($"{option} {text} is no such name: it must match {pattern}");

    private static string Relative(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path);
}
