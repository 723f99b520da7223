using System.CommandLine;
using Etl.Fuzz;
using SharpFuzz;

var target = new Argument<string>("target") { Description = string.Join(", ", Targets.All.Keys) };
target.AcceptOnlyFromAmong([.. Targets.All.Keys]);

var seconds = new Option<int>("--seconds") { Description = "how long, for each target", DefaultValueFactory = _ => 10 };
var seed = new Option<int>("--seed") { Description = "the same seed gives the same inputs", DefaultValueFactory = _ => 1 };
var corpus = new Option<DirectoryInfo?>("--corpus") { Description = "more files to start from" };
var findings = new Option<DirectoryInfo>("--findings") { Description = "where inputs that break a target are kept", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "fuzz")) };
var only = new Option<string?>("--target") { Description = "only this target" };
only.AcceptOnlyFromAmong([.. Targets.All.Keys]);
var run = new Command("run", "Feeds mutated texts to every target.") { only, seconds, seed, corpus, findings };
run.SetAction(async (result, cancel) =>
{
    var broken = 0;
    foreach (var (name, test) in Targets.All.Where(t => result.GetValue(only) is not { } asked || t.Key == asked))
        broken += await new Driver(name, test, result.GetValue(seed), result.GetRequiredValue(findings)).RunAsync(Corpus.Load(result.GetValue(corpus)), TimeSpan.FromSeconds(result.GetValue(seconds)), mostFindings: 5);
    return broken == 0 ? 0 : 1;
});

var file = new Argument<FileInfo>("file");
var replay = new Command("replay", "Runs a target on one kept input.") { target, file };
replay.SetAction(async (result, cancel) => await Targets.All[result.GetRequiredValue(target)](await File.ReadAllBytesAsync(result.GetRequiredValue(file).FullName, cancel)));

var folder = new Argument<DirectoryInfo>("folder");
var seeds = new Command("seeds", "Writes the corpus as files, for another fuzzer.") { folder };
seeds.SetAction(result =>
{
    var texts = Corpus.Load(null);
    for (var i = 0; i < texts.Count; i++)
        File.WriteAllBytes(Path.Combine(result.GetRequiredValue(folder).FullName, $"seed-{i:d3}"), texts[i]);
});

// AFL++ starts the process and hands it inputs on standard input; SharpFuzz tells it which branches were taken.
var afl = new Command("afl", "Runs a target under afl-fuzz.") { target };
afl.SetAction(result =>
{
    var test = Targets.All[result.GetRequiredValue(target)];
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        test(bytes.ToArray()).GetAwaiter().GetResult();
    });
});

return await new RootCommand("Fuzzes the CSV engine.") { run, replay, seeds, afl }.Parse(args).InvokeAsync();
