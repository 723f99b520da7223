using System.Text.Json.Nodes;
using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary><c>deploy/terraform</c>, and the Terraform that <c>etl auth setup</c> writes, beside the providers' schemas and each other.</summary>
public sealed class TerraformTests : IDisposable
{
    private const string Role = "arn:aws:sts::123456789012:assumed-role/etl-orders";

    private static readonly string[] Setup =
    [
        "auth", "setup", "pipelines/orders.yaml", "--project-number", "123456789", "--role", "arn:aws:iam::123456789012:role/etl-orders", "--pool", "etl-orders", "--service-account", "etl-orders",
    ];

    private static readonly string Module = Repository.PathOf("deploy", "terraform");
    private readonly Workspace workspace = new();

    public TerraformTests() => workspace.CopyPipelines();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task TheProvidersKnowEveryArgumentOfTheModuleAndEveryNameLeadsSomewhere()
    {
        var check = await NodeAsync("check.mjs", Module);

        Assert.True(check.ExitCode == 0, check.ToString());
        Assert.Matches("terraform: [1-9][0-9]* resources, [1-9][0-9]* data sources, [1-9][0-9]* variables, [1-9][0-9]* outputs", check.Output);
    }

    [Theory]
    [InlineData]
    [InlineData("--session", "nightly")]
    [InlineData("--session-prefix", "nightly-")]
    public async Task TheProvidersKnowEveryArgumentThatAuthSetupWrites(params string[] options)
    {
        await workspace.SucceedAsync([.. Setup, .. options, "--terraform"]);

        var check = await NodeAsync("check.mjs", "etl-auth.tf");

        Assert.True(check.ExitCode == 0, check.ToString());
        Assert.Contains("9 resources", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsWrongInAModuleIsFound()
    {
        workspace.Write("wrong/main.tf", """
            variable "unused" { type = string }
            resource "aws_sqs_queue" "many" {
              count                      = 2
              naem                       = "x"
              visibility_timeout_seconds = "long"
              arn                        = "x"
            }
            resource "aws_sqs_queue_policy" "one" {
              queue_url = aws_sqs_queue.many.url
            }
            resource "aws_scheduler_schedule" "one" {
              schedule_expression  = var.when
              flexible_time_window = { mode = "OFF" }
              target {
                arn      = aws_sqs_queue.many[0].ar
                role_arn = local.role
              }
              target {}
            }
            resource "aws_no_such" "one" {}
            """);

        var check = await NodeAsync("check.mjs", "wrong");

        Assert.Equal(1, check.ExitCode);
        Assert.Equal(
            [
                "main.tf: resource aws_no_such.one: schemas.json has no aws_no_such; when it exists, run node schemas.mjs",
                "main.tf: aws_scheduler_schedule.one: flexible_time_window is a block, and no argument: write it without =",
                "main.tf: aws_scheduler_schedule.one: there is more than one block target",
                "main.tf: aws_scheduler_schedule.one: target.arn is required",
                "main.tf: aws_scheduler_schedule.one: target.role_arn is required",
                "main.tf: aws_sqs_queue.many: arn cannot be set: the provider says what it is",
                "main.tf: aws_sqs_queue.many: there is no argument naem; is it name?",
                "main.tf: aws_sqs_queue.many: visibility_timeout_seconds is a number, and \"long\" is none",
                "main.tf: aws_sqs_queue_policy.one: policy is required",
                "main.tf: resource.aws_scheduler_schedule.one schedule_expression: var.when: it is not declared",
                "main.tf: resource.aws_scheduler_schedule.one target.arn: aws_sqs_queue.many.0.ar: aws_sqs_queue has no ar",
                "main.tf: resource.aws_scheduler_schedule.one target.role_arn: local.role: it is not declared",
                "main.tf: resource.aws_sqs_queue_policy.one queue_url: aws_sqs_queue.many.url: it has count: say which one, [0] or [*]",
                "main.tf: variable unused is used by nothing",
                "wrong: 4 resources, 0 data sources, 1 variables, 0 outputs",
            ],
            check.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task AFileThatIsNoTerraformIsSaidWithItsLine()
    {
        workspace.Write("wrong.tf", "resource \"aws_sqs_queue\" \"x\" {\n  name = \n}\n");

        var check = await NodeAsync("check.mjs", "wrong.tf");

        Assert.Equal(1, check.ExitCode);
        Assert.Contains("wrong.tf:2,", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheModuleAndAuthSetupMakeTheSameTrust()
    {
        await workspace.SucceedAsync([.. Setup, "--terraform"]);
        var values = new JsonObject
        {
            ["var.name"] = "etl-orders",
            ["var.google_project"] = "acme-analytics",
            ["var.staging_bucket"] = "acme-staging",
            ["var.dataset"] = "sales",
            ["var.session_prefix"] = "",
            ["local.account"] = "123456789012",
            ["local.assumed_role_arn"] = Role,
            ["google_iam_workload_identity_pool.etl.name"] = "projects/123456789/locations/global/workloadIdentityPools/etl-orders",
            ["google_service_account.etl.name"] = "NAME",
            ["google_service_account.etl.member"] = "MEMBER",
        }.ToJsonString();

        var module = await NodeAsync("trust.mjs", Module, values);
        var written = await NodeAsync("trust.mjs", "etl-auth.tf", values);

        Assert.True(written.ExitCode == 0, written.ToString());
        Assert.Contains(Role, written.Output, StringComparison.Ordinal);
        Assert.Equal(written.Output, module.Output);
    }

    [Fact]
    public async Task TerraformMakesTheFunctionItsQueuesAndItsTrust()
    {
        await workspace.SucceedAsync(Setup);
        CopyModule();

        var made = await ApplyAsync();

        var variables = made["aws_lambda_function.etl[0]"]["environment"]![0]!["variables"]!;
        Assert.Equal("/pipelines/orders.yaml", (string?)variables["ETL_PIPELINE"]);
        Assert.Equal((string?)made["aws_sqs_queue.triggers[0]"]["url"], (string?)variables["ETL_CONTINUE_QUEUE"]);
        Same(await File.ReadAllTextAsync(workspace.PathOf("wif.json")), (string)variables["GOOGLE_WIF_CONFIG"]!);
        Same(await File.ReadAllTextAsync(workspace.PathOf("etl-aws-policy.json")), (string)made["aws_iam_role_policy.source"]["policy"]!);
        Assert.Equal(6 * 900 + 60, (int)made["aws_sqs_queue.triggers[0]"]["visibility_timeout_seconds"]!);
        // The state and the ledger lie beside what goes.
        Assert.Equal(["orders/orders/", "orders/_etl/orders/runs/"], made["google_storage_bucket.staging[0]"]["lifecycle_rule"]![0]!["condition"]![0]!["matches_prefix"]!.AsArray().Select(p => (string?)p));
        Assert.DoesNotContain(made.Keys, address => address.StartsWith("aws_ecs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TerraformMakesTheTaskAndItsSchedule()
    {
        CopyModule();
        workspace.Write("module/more.auto.tfvars", """
            compute     = "fargate"
            fargate     = { subnet_ids = ["subnet-0123456789abcdef0"] }
            kms_key_arn = "arn:aws:kms:ap-northeast-1:123456789012:key/1"
            """);

        var made = await ApplyAsync();

        var container = JsonNode.Parse((string)made["aws_ecs_task_definition.etl[0]"]["container_definitions"]!)![0]!;
        Assert.Equal(["run", "/pipelines/orders.yaml"], container["command"]!.AsArray().Select(c => (string?)c));
        Assert.True((bool)container["readonlyRootFilesystem"]!);
        Assert.Contains("GOOGLE_WIF_CONFIG", container["environment"]!.AsArray().Select(v => (string?)v!["name"]));
        Assert.Equal("arn:aws:ecs:ap-northeast-1:123456789012:task-definition/etl-orders:1", (string?)made["aws_scheduler_schedule.etl[0]"]["target"]![0]!["ecs_parameters"]![0]!["task_definition_arn"]);
        Assert.DoesNotContain(made.Keys, address => address.StartsWith("aws_lambda", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TerraformMakesWhatAuthSetupWrites()
    {
        await workspace.SucceedAsync([.. Setup, "--terraform"]);
        workspace.Write("module/etl-auth.tf", await File.ReadAllBytesAsync(workspace.PathOf("etl-auth.tf")));

        var made = await ApplyAsync();

        Assert.Equal("assertion.arn", (string?)made["google_iam_workload_identity_pool_provider.etl"]["attribute_mapping"]!["google.subject"]);
        Assert.Equal("serviceAccount:etl-orders@acme-analytics.iam.gserviceaccount.com", (string?)made["google_storage_bucket_iam_member.etl_acme_staging"]["member"]);
    }

    [Theory]
    [InlineData("name = \"x\"", "6 to 23")]
    [InlineData("staging_days = 3", "7 or more")]
    [InlineData("lambda_zip = \"function.zip\"", "one of image_uri and lambda_zip")]
    [InlineData("compute = \"fargate\"", "subnet_ids")]
    public async Task TerraformRefusesWhatDoesNotGoTogether(string value, string reason)
    {
        CopyModule();
        workspace.Write("module/more.auto.tfvars", value + "\n");
        workspace.Write("module/function.zip", "");

        var plan = await TerraformAsync("plan");

        Assert.Equal(1, plan.ExitCode);
        Assert.Contains(reason, string.Join(' ', plan.Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheModuleIsFormattedAsTerraformFormats()
    {
        var format = await workspace.RunAsync(OutsideProgram.FindOrSkip("terraform"), "fmt", "-check", "-diff", Module);

        Assert.True(format.ExitCode == 0, format.ToString());
    }

    private void CopyModule()
    {
        foreach (var file in Directory.EnumerateFiles(Module, "*.tf")) workspace.Write(Path.Combine("module", Path.GetFileName(file)), File.ReadAllBytes(file));
        workspace.Write("module/terraform.tfvars", File.ReadAllBytes(Path.Combine(Module, "terraform.tfvars.example")));
    }

    private async Task<IReadOnlyDictionary<string, JsonNode>> ApplyAsync()
    {
        var apply = await TerraformAsync("apply", "-auto-approve");
        Assert.True(apply.ExitCode == 0, apply.ToString());
        var again = await TerraformAsync("plan", "-detailed-exitcode");
        Assert.True(again.ExitCode == 0, again.ToString());
        var show = await TerraformAsync("show", "-json");
        return JsonNode.Parse(show.Output)!["values"]!["root_module"]!["resources"]!.AsArray().ToDictionary(r => (string)r!["address"]!, r => r!["values"]!);
    }

    private async Task<Finished> TerraformAsync(string command, params string[] options)
    {
        OutsideProgram.FindOrSkip("terraform");
        string[] plain = command == "show" ? [] : ["-no-color"];
        return await NodeAsync("standin.mjs", ["module", command, .. options, .. plain]);
    }

    private async Task<Finished> NodeAsync(string script, params string[] arguments)
    {
        var node = OutsideProgram.Require("node");
        var folder = Repository.PathOf("tests", "Acceptance", "deploy");
        OutsideProgram.RequireFile(Path.Combine(folder, "node_modules"), "run npm ci in tests/Acceptance/deploy");
        return await workspace.RunAsync(node, [Path.Combine(folder, script), .. arguments]);
    }

    private static void Same(string expected, string actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"{expected}\n{actual}");
}
