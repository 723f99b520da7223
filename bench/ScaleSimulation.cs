using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Runs;

namespace Etl.Bench;

/// <summary>
/// How time and cost of a run grow with its objects and tasks, from costs measured a split at a time and assumed latencies of the services. It divides the splits as
/// Etl does, and takes as many runs one after another as one load's limits ask for. It knows of no slow node, no failure and no throttling.
/// </summary>
internal sealed record ScaleSimulation
{
    // Measured (bench/scale.sh; docs/scale-out.md says on which machine), in seconds of one processor.

    /// <summary>A process from its start to its end, with nothing to do but read the state.</summary>
    public double Process { get; init; } = 0.6;

    /// <summary>Planning, for each object listed.</summary>
    public double PlanObject { get; init; } = 0.0001;

    /// <summary>Planning, for each object sampled (64 at most).</summary>
    public double PlanSample { get; init; } = 0.0094;

    /// <summary>Staging, for each split.</summary>
    public double StageSplit { get; init; } = 0.0131;

    /// <summary>Staging, for each million stored bytes.</summary>
    public double StageMegabyte { get; init; } = 0.0162;

    /// <summary>Committing, for each receipt.</summary>
    public double CommitReceipt { get; init; } = 0.0058;

    // Assumed.

    /// <summary>One small request to S3 or Cloud Storage and its answer, in seconds.</summary>
    public double Request { get; init; } = 0.06;

    /// <summary>From asking an engine for a task until its process starts, in seconds (Fargate: image pull and network).</summary>
    public double TaskStart { get; init; } = 40;

    /// <summary>Tasks that an engine starts in a second.</summary>
    public double TaskStarts { get; init; } = 8;

    /// <summary>The most that one task sends over its network, in million bytes a second.</summary>
    public double Network { get; init; } = 100;

    /// <summary>A load job: its least, in seconds.</summary>
    public double LoadJob { get; init; } = 8;

    /// <summary>A load job: million stored bytes a second.</summary>
    public double LoadRate { get; init; } = 1500;

    /// <summary>Bytes sent for each byte read.</summary>
    public double Sent { get; init; } = 0.3;

    /// <summary>Splits one task stages side by side.</summary>
    public int Parallelism { get; init; } = 4;

    // List prices in USD; docs/scale-out.md names their source and date.
    private const double VcpuHour = 0.04048, GigabyteHour = 0.004445, MemoryGigabytes = 2, S3Get = 0.0004 / 1000, S3List = 0.005 / 1000, GcsWrite = 0.005 / 1000, GcsRead = 0.0004 / 1000;
    private static readonly (double Terabytes, double PerGigabyte)[] Egress = [(10, 0.09), (40, 0.085), (100, 0.07), (double.PositiveInfinity, 0.05)];

    /// <summary>Prints a Markdown table.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine("| objects of | in all | tasks | runs | splits | plan | stage | commit | whole | processor h | tasks' bill | egress | × one task |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        (int Count, long Bytes)[] inputs = [(10, 10_000_000), (100, 10_000_000), (1_000, 10_000_000), (10_000, 10_000_000), (100_000, 10_000_000), (100_000, 100_000_000), (1_000, 10_000_000_000), (100_000, 10_000)];
        foreach (var (count, bytes) in inputs)
            foreach (var tasks in (int[])[1, 10, 100, 1000])
                if (tasks <= count)
                {
                    var one = Run(count, bytes, 1);
                    var many = Run(count, bytes, tasks);
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"| {count:N0} × {Size(bytes)} | {Size(count * (double)bytes)} | {tasks:N0} | {many.Runs} | {many.Splits:N0} | {Time(many.Plan)} | {Time(many.Stage)} | {Time(many.Commit)} | {Time(many.Whole)} | {many.ProcessorHours:0.00} | {many.Bill:0.00} $ | {many.Transfer:N2} $ | {one.Whole / many.Whole:0.0} |"));
                }
    }

    private Outcome Run(int count, long bytes, int tasks)
    {
        var objects = Enumerable.Range(0, count).Select(i => new SourceObject(i.ToString(CultureInfo.InvariantCulture), "1", bytes, default)).ToList();
        var all = objects.Select(o => o.Uri).ToHashSet();
        var outcome = new Outcome();
        var listed = count;
        while (objects.Count > 0)
        {
            var taken = SplitPlan.Fitting(objects, SplitPlan.SplitBytes);
            outcome.Add(One(SplitPlan.Cut([.. objects.Take(taken)], all, SplitPlan.SplitBytes), listed, tasks));
            objects.RemoveRange(0, taken);
        }

        outcome.Transfer = Price(count * (double)bytes * Sent);
        return outcome;
    }

    private Outcome One(IReadOnlyList<Split> splits, int listed, int tasks)
    {
        // Listing is a page of 1,000 after another; samples are read 8 at a time.
        var sampled = Math.Min(64, splits.Count);
        var pages = Math.Ceiling(listed / 1000.0);
        var plan = TaskStart + Process + (listed * PlanObject) + (pages * Request) + (sampled * (PlanSample + (2 * Request / 8))) + (6 * Request);

        var starts = Enumerable.Range(0, tasks).Select(task => TaskStart + (task / TaskStarts)).ToArray();
        var busy = TaskShare.Divide(splits, tasks).Select(StageTime).ToList();
        var stage = busy.Zip(starts).Max(t => t.First + t.Second);

        var bytes = splits.Sum(s => (double)s.Bytes) * Sent / 1e6;
        var commit = TaskStart + Process + Math.Max(splits.Count * CommitReceipt, splits.Count * Request / 16) + (Math.Ceiling(splits.Count / 1000.0) * Request) + LoadJob + (bytes / LoadRate) + (8 * Request);
        var running = plan - TaskStart + busy.Sum() + commit - TaskStart;
        var requests = (splits.Count * (S3Get + (2 * GcsWrite) + (3 * GcsRead))) + (pages * S3List);
        return new Outcome
        {
            Runs = 1,
            Splits = splits.Count,
            Plan = plan,
            Stage = stage,
            Commit = commit,
            ProcessorHours = (((2 + tasks) * Process) + (listed * PlanObject) + (splits.Count * (StageSplit + CommitReceipt)) + (splits.Sum(s => s.Bytes) / 1e6 * StageMegabyte)) / 3600,
            Bill = (running * (VcpuHour + (MemoryGigabytes * GigabyteHour)) / 3600) + requests,
        };
    }

    // One processor, so what is computed adds up; what is waited for overlaps between the splits side by side.
    private double StageTime(IReadOnlyList<Split> share)
    {
        var bytes = share.Sum(s => (double)s.Bytes) / 1e6;
        var computing = (share.Count * StageSplit) + (bytes * StageMegabyte);
        var waiting = share.Count * 5 * Request / Parallelism;
        return Process + (2 * Request) + Math.Max(Math.Max(computing, waiting), bytes / Network);
    }

    private static double Price(double bytes)
    {
        var (left, price) = (bytes / 1e12, 0.0);
        foreach (var (terabytes, perGigabyte) in Egress)
        {
            var here = Math.Min(left, terabytes);
            price += here * 1000 * perGigabyte;
            left -= here;
        }

        return price;
    }

    private static string Size(double bytes) => bytes >= 1e12 ? $"{bytes / 1e12:0.#} TB" : bytes >= 1e9 ? $"{bytes / 1e9:0.#} GB" : bytes >= 1e6 ? $"{bytes / 1e6:0.#} MB" : $"{bytes / 1e3:0.#} kB";

    private static string Time(double seconds) => seconds < 120 ? $"{seconds:0} s" : seconds < 7200 ? $"{seconds / 60:0} min" : $"{seconds / 3600:0.0} h";

    private sealed class Outcome
    {
        public int Runs { get; set; }

        public int Splits { get; set; }

        public double Plan { get; set; }

        public double Stage { get; set; }

        public double Commit { get; set; }

        public double ProcessorHours { get; set; }

        public double Bill { get; set; }

        public double Transfer { get; set; }

        public double Whole => Plan + Stage + Commit;

        public void Add(Outcome next)
        {
            Runs += next.Runs;
            Splits += next.Splits;
            Plan += next.Plan;
            Stage += next.Stage;
            Commit += next.Commit;
            ProcessorHours += next.ProcessorHours;
            Bill += next.Bill;
        }
    }
}
