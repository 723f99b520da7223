using System.CommandLine;
using Etl.LocalCloud;
using Etl.LocalCloud.Faults;
using Etl.LocalCloud.Homes;
using Etl.LocalCloud.Iam;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl local-cloud</c>: the local cloud by itself, for other programs.</summary>
internal static class LocalCloudCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--folder") { Description = "Where buckets and tables are kept.", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(".etl", "local-cloud")) };
        var data = new Option<DirectoryInfo?>("--data") { Description = "A folder whose subfolders are shown as S3 buckets." };
        var strict = new Option<bool>("--strict") { Description = "Refuse buckets and datasets that were not made first, as the real services do." };
        var home = new Option<Home>("--home") { Description = "The place whose environment is printed: how programs there find their AWS or Google identity.", DefaultValueFactory = _ => Home.Keys };
        var linkLocal = new Option<bool>("--link-local") { Description = "Let the home's endpoints listen where AWS's do (169.254.169.254, 169.254.170.2, 169.254.170.23, port 80). Give this machine the address first: ip addr add 169.254.170.2/32 dev lo." };
        var policy = new Option<FileInfo?>("--policy") { Description = "A JSON file that says who may do what: the identity provider, bindings, AWS roles (docs/auth.md). Without it everything is allowed." };
        var faults = new Option<FileInfo?>("--faults") { Description = "A JSON file that says what goes wrong and when: errors, broken connections, wrong checksums (docs/reliability.md). What was done is at /_etl/faults of every service." };
        var command = new Command("local-cloud", "Runs S3, Cloud Storage, BigQuery and the sign-in services on loopback until it is stopped, and prints the environment to use.") { folder, data, strict, policy, faults, home, linkLocal };
        command.Does(async (parsed, cancel) =>
        {
            CloudPolicy rules;
            FaultPlan plan;
            try
            {
                rules = parsed.GetValue(policy) is { } path ? CloudPolicy.Read(path.FullName) : new CloudPolicy();
                plan = parsed.GetValue(faults) is { } file ? FaultPlan.Read(file.FullName) : new FaultPlan();
            }
            catch (InvalidDataException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return ExitCodes.Usage;
            }

            await using var server = await LocalCloudServer.StartAsync(
                new LocalCloudOptions
                {
                    DataFolder = parsed.GetRequiredValue(folder).FullName,
                    S3Folder = parsed.GetValue(data)?.FullName,
                    CreateMissing = !parsed.GetValue(strict),
                    Home = parsed.GetValue(home),
                    LinkLocal = parsed.GetValue(linkLocal),
                    Policy = rules,
                    Faults = plan,
                },
                cancel);
            foreach (var (name, value) in server.Environment.OrderBy(v => v.Key, StringComparer.Ordinal))
                await Console.Out.WriteLineAsync($"export {name}='{value}'");
            await Console.Out.FlushAsync(cancel);
            await Console.Error.WriteLineAsync("The local cloud is up; these credentials work nowhere else. Ctrl-C ends it.");
            await Task.Delay(Timeout.Infinite, cancel).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return ExitCodes.Success;
        });
        return command;
    }
}
