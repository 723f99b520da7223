using System.CommandLine;
using Etl.Bench;
using Etl.Bench.Comparing;
using Etl.Bench.Contenders;
using Etl.Core.Contracts;

var shape = new Argument<Shape>("shape") { Description = "orders, wide or quoted" };
var size = new Option<string>("--size") { Description = "such as 500MB or 2GB", DefaultValueFactory = _ => "100MB" };
var target = new Option<FileInfo>("--out") { Description = "the file to write", Required = true };
var seed = new Option<int>("--seed") { Description = "the same seed gives the same bytes", DefaultValueFactory = _ => 1 };
var generate = new Command("generate", "Writes a CSV file to measure with.") { shape, size, target, seed };
generate.SetAction(result =>
{
    using var output = result.GetValue(target)!.Create();
    Generator.Write(result.GetValue(shape), ByteSize.Parse(result.GetValue(size)!, null).Bytes, result.GetValue(seed), output);
});

var file = new Argument<FileInfo>("file") { Description = "the CSV file" };
var format = new Argument<StagingFormat>("format");
var compression = new Argument<StagingCompression>("compression");
var encode = new Command("encode", "Measures an encoder on the Arrow columns of a file, made beforehand.") { format, compression, file, size };
encode.SetAction((result, cancel) =>
    EncodeBench.RunAsync(new StagingEncoding(result.GetValue(format), result.GetValue(compression)), result.GetRequiredValue(file).FullName, ByteSize.Parse(result.GetValue(size)!, null).Bytes, cancel));

var contender = new Argument<string>("contender") { Description = string.Join(", ", InProcess.Names) };
var measure = new Command("measure", "Times one contender in this process.") { contender, shape, file };
measure.SetAction((result, cancel) => InProcess.MeasureAsync(result.GetRequiredValue(contender), result.GetValue(shape), result.GetRequiredValue(file).FullName, cancel));

var threads = new Option<int>("--threads") { DefaultValueFactory = _ => 2 };
var sql = new Argument<string>("sql");
var duckdb = new Command("duckdb", "Runs a statement in DuckDB.") { threads, sql };
duckdb.SetAction(result => { DuckDbContender.Run(result.GetRequiredValue(sql), result.GetValue(threads)); });

var limit = new Option<string>("--limit") { Description = "the most memory allowed", DefaultValueFactory = _ => "256MB" };
var soak = new Command("soak", "Parses and encodes a generated stream, and fails when it takes more memory than allowed.") { shape, size, limit };
soak.SetAction((result, cancel) => Soak.RunAsync(result.GetValue(shape), ByteSize.Parse(result.GetValue(size)!, null).Bytes, ByteSize.Parse(result.GetValue(limit)!, null).Bytes, cancel));

var state = new Argument<DirectoryInfo>("folder") { Description = "where the state is kept; the first call fills it" };
var objects = new Option<int>("--objects") { DefaultValueFactory = _ => 1_000_000 };
var added = new Option<int>("--new") { Description = "objects that were not loaded yet", DefaultValueFactory = _ => 10 };
var firstLayout = new Option<bool>("--first-layout") { Description = "fill it as the first layout of the state" };
var ledger = new Command("ledger", "Measures a run over a ledger of many objects.") { state, objects, added, firstLayout };
ledger.SetAction((result, cancel) => LedgerBench.RunAsync(result.GetRequiredValue(state).FullName, result.GetValue(objects), result.GetValue(added), result.GetValue(firstLayout), cancel));

var only = new Argument<string[]>("sections") { Description = "which tables; all of them when none is named", Arity = ArgumentArity.ZeroOrMore };
var rounds = new Option<int>("--rounds") { Description = "how often each contestant runs; medians are shown", DefaultValueFactory = _ => 5 };
var scale = new Option<double>("--scale") { Description = "1 is 600 MB of orders and 200 MB of wide and quoted", DefaultValueFactory = _ => 1 };
var clock = new Option<Clock>("--clock") { Description = "wall, or processor when others use the machine too", DefaultValueFactory = _ => Clock.Wall };
var shapes = new Option<string[]>("--only") { Description = "only rows whose name holds one of these", AllowMultipleArgumentsPerToken = true };
var folder = new Option<DirectoryInfo>("--folder") { Description = "where the generated files are kept", DefaultValueFactory = _ => new DirectoryInfo("bench/data") };
var root = new Option<DirectoryInfo>("--root") { Description = "the repository", DefaultValueFactory = _ => new DirectoryInfo(".") };
var compare = new Command("compare", "Measures Etl beside its peers and prints Markdown tables.") { only, rounds, scale, clock, shapes, folder, root };
compare.SetAction(async (result, cancel) =>
{
    var sections = new Sections(new InputFiles(result.GetRequiredValue(folder).FullName, result.GetValue(scale)), result.GetRequiredValue(root).FullName).All();
    var asked = result.GetValue(only) ?? [];
    if (asked.FirstOrDefault(a => sections.All(s => s.Name != a)) is { } unknown)
        throw new ArgumentException($"There is no section {unknown}; there are {string.Join(", ", sections.Select(s => s.Name))}.");
    var failures = 0;
    foreach (var section in sections.Where(s => asked.Length == 0 || asked.Contains(s.Name)))
    {
        var wanted = result.GetValue(shapes) ?? [];
        var comparisons = (await section.Comparisons(cancel)).Where(c => wanted.Length == 0 || wanted.Any(w => c.Subject.Contains(w, StringComparison.Ordinal))).ToList();
        if (comparisons.Count == 0)
            continue;
        Console.WriteLine(Report.Head(section, [.. comparisons[0].Contestants.Select(c => c.Name)]));
        foreach (var comparison in comparisons)
        {
            try
            {
                Console.WriteLine(Report.Row(section, comparison, await Comparer.RunAsync(comparison, result.GetValue(rounds), result.GetValue(clock), cancel)));
            }
            catch (ContestFailedException e)
            {
                // The other rows are still worth having.
                await Console.Error.WriteLineAsync(e.Message);
                failures++;
            }
        }

        Console.WriteLine();
    }

    return failures == 0 ? 0 : 1;
});

var transforms = new Command("transforms", "Measures each transform by itself, beside DuckDB where it is SQL.") { file, rounds };
transforms.SetAction((result, cancel) => TransformBench.RunAsync(result.GetRequiredValue(file).FullName, result.GetValue(rounds), cancel));

var simulate = new Command("simulate", "Prints how time and cost of a run grow with objects and tasks, from costs measured by bench/scale.sh.");
simulate.SetAction(_ => { new ScaleSimulation().Print(Console.Out); });

var etl = new Argument<FileInfo>("etl") { Description = "the published program" };
var python = new Argument<FileInfo>("python") { Description = "the Python function's loop" };
var lambda = new Command("lambda", "Measures a Lambda function of Etl beside one of Python.") { etl, python, size, rounds };
lambda.SetAction((result, cancel) => LambdaBench.RunAsync(result.GetRequiredValue(etl).FullName, result.GetRequiredValue(python).FullName, ByteSize.Parse(result.GetValue(size)!, null).Bytes, result.GetValue(rounds), cancel));

var upload = new Command("upload", "Measures staging one large object over lines of several speeds.") { etl, size, rounds };
upload.SetAction((result, cancel) => UploadBench.RunAsync(result.GetRequiredValue(etl).FullName, ByteSize.Parse(result.GetValue(size)!, null).Bytes, result.GetValue(rounds), cancel));

return await new RootCommand("Benchmarks of Etl.") { generate, encode, measure, duckdb, soak, ledger, lambda, upload, compare, transforms, simulate }.Parse(args).InvokeAsync();
