using System.CommandLine;
using Etl.Bench;
using Etl.Core.Contracts;

var shape = new Argument<Shape>("shape") { Description = "orders, wide or quoted" };
var size = new Option<string>("--size") { Description = "such as 500MB or 2GB", DefaultValueFactory = _ => "100MB" };
var target = new Option<FileInfo>("--out") { Description = "the file to write", Required = true };
var seed = new Option<int>("--seed") { Description = "the same seed gives the same bytes", DefaultValueFactory = _ => 1 };
var generate = new Command("generate", "Writes a CSV file to measure with.") { shape, size, target, seed };
generate.SetAction(result =>
{
    using var output = result.GetValue(target)!.Create();
    Generator.Write(result.GetValue(shape), Sizes.Parse(result.GetValue(size)!), result.GetValue(seed), output);
});

var format = new Argument<StagingFormat>("format");
var compression = new Argument<StagingCompression>("compression");
var encode = new Command("encode", "Measures an encoder on Arrow batches made beforehand.") { format, compression, size };
encode.SetAction((result, cancel) =>
    EncodeBench.RunAsync(new StagingEncoding(result.GetValue(format), result.GetValue(compression)), Sizes.Parse(result.GetValue(size)!), cancel));

var input = new Argument<FileInfo>("file");
var whole = new Option<bool>("--whole") { Description = "look at all of it" };
var sampleBytes = new Option<string>("--sample") { Description = "how much is looked at otherwise", DefaultValueFactory = _ => "4MB" };
var times = new Option<int>("--times") { DefaultValueFactory = _ => 3 };
var infer = new Command("infer", "Measures the finding of dialect and schema.") { input, whole, sampleBytes, times };
infer.SetAction((result, cancel) =>
    InferBench.RunAsync(result.GetValue(input)!, result.GetValue(whole), (int)Sizes.Parse(result.GetValue(sampleBytes)!), result.GetValue(times), cancel));

return await new RootCommand("Benchmarks of Etl.") { generate, encode, infer }.Parse(args).InvokeAsync();
