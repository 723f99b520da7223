using System.Text.Json.Nodes;
using Etl.Connectors.Gcp.Doctor;
using Etl.Runner.Auth;
using Spectre.Console;
using Xunit;

namespace Etl.Runner.Tests.Auth;

public sealed class DiagnosisViewTests
{
    private const string Command = "$ gcloud iam service-accounts enable etl-loader@acme-analytics.iam.gserviceaccount.com --project=acme-analytics";

    private static readonly Diagnosis Broken = new(
    [
        new DiagnosisStep { Id = StepId.AwsCaller, Subject = "", Status = StepStatus.Passed, Facts = [new StepFact("arn", "arn:aws:sts::1:assumed-role/[a]/b"), new StepFact("account", "1")] },
        new DiagnosisStep { Id = StepId.Impersonation, Subject = "etl-loader@acme-analytics.iam.gserviceaccount.com", Status = StepStatus.Failed, Problem = new StepProblem(DiagnosisCause.ServiceAccountDisabled, "It is disabled.", ["Enable it:", Command, "$ etl auth check …"], "HTTP 400") },
        new DiagnosisStep { Id = StepId.Bucket, Subject = "gs://acme-staging", Status = StepStatus.Skipped },
    ]);

    private static string Shown(Diagnosis diagnosis, int width)
    {
        var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        DiagnosisView.Show(console, diagnosis);
        return text.ToString();
    }

    [Fact]
    public void AStepIsATickItsFactsOrItsCauseAndFix()
    {
        var shown = Shown(Broken, 160);

        Assert.Contains("✔ AWS caller", shown, StringComparison.Ordinal);
        Assert.Contains("account  1", shown, StringComparison.Ordinal);
        Assert.Contains("arn:aws:sts::1:assumed-role/[a]/b", shown, StringComparison.Ordinal);
        Assert.Contains("✘ Impersonation", shown, StringComparison.Ordinal);
        Assert.Contains("It is disabled.", shown, StringComparison.Ordinal);
        Assert.Contains("it said: HTTP 400", shown, StringComparison.Ordinal);
        Assert.Contains("- Bucket  gs://acme-staging (not tried)", shown, StringComparison.Ordinal);
        Assert.Contains("1 of 3 steps failed: Impersonation.", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void ACommandComesOutInOnePieceInANarrowTerminal() => Assert.Contains("\n  " + Command[2..] + "\n", Shown(Broken, 60), StringComparison.Ordinal);

    [Fact]
    public void AHintWithAnEllipsisIsNoCommandToCopy() => Assert.DoesNotContain("\n  etl auth check …", Shown(Broken, 160), StringComparison.Ordinal);

    [Fact]
    public void TheJsonHasStableNames()
    {
        var json = JsonNode.Parse(DiagnosisJson.Write(Broken))!;

        Assert.False((bool)json["ok"]!);
        Assert.Equal(("impersonation", "failed", "service-account-disabled"), ((string)json["steps"]![1]!["step"]!, (string)json["steps"]![1]!["status"]!, (string)json["steps"]![1]!["cause"]!));
        Assert.Equal("arn:aws:sts::1:assumed-role/[a]/b", (string)json["steps"]![0]!["facts"]!["arn"]!);
        Assert.Equal(Command, (string)json["steps"]![1]!["fixes"]![1]!);
        Assert.Equal("skipped", (string)json["steps"]![2]!["status"]!);
    }
}
