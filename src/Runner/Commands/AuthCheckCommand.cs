using System.CommandLine;
using Etl.Connectors.Gcp.Doctor;
using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Etl.Core.Pipelines;
using Etl.Runner.Auth;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl auth check [PIPELINE]</c>: walks the sign-in and what the pipeline needs, step by step.</summary>
internal static class AuthCheckCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo?>("pipeline") { Description = "The pipeline file. Without one, only the sign-in is checked: with GOOGLE_WIF_CONFIG, or wif.json here.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Print the diagnosis as JSON." };
        var command = new Command("check", "Walks the sign-in from AWS credentials to permissions in Google Cloud, and says what is wrong and how to mend it. Changes nothing.") { file, json };
        var local = new LocalOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            var path = parsed.GetValue(file);
            await using var session = await LocalSession.StartAsync(local.Read(parsed, path?.DirectoryName), cancel);
            var definition = path is null ? null : new PipelineFile(Registrations.All(), Environment.GetEnvironmentVariable).Read(RunCommand.PathAsGiven(path));
            var context = definition is not null ? Contexts.For(definition, session.Active) : SignInAlone(session.Active);
            using var doctor = new GoogleDoctor(context);
            var diagnosis = await doctor.CheckAsync(definition is null ? DoctorTargets.None : Targets.Of(definition), cancel);
            if (definition is not null) diagnosis = new Diagnosis([.. diagnosis.Steps, await SourceStep.CheckAsync(definition, context, diagnosis, cancel)]);
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(DiagnosisJson.Write(diagnosis).AsMemory(), cancel);
            else DiagnosisView.Show(Consoles.Out, diagnosis);
            return diagnosis.Ok ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    private static ConnectorContext SignInAlone(bool local)
    {
        var context = Contexts.ForCommand("auth", local);
        return string.IsNullOrEmpty(Environment.GetEnvironmentVariable("GOOGLE_WIF_CONFIG")) && File.Exists("wif.json")
            ? Contexts.ForCommand("auth", local, new GoogleOptions { Credentials = "wif.json" }) : context;
    }
}
