using System.Globalization;

namespace Etl.Bench.Comparing;

/// <summary>Holds what the contestants saw against each other.</summary>
internal static class Checks
{
    /// <summary>Fails when two of them saw another number of rows or other sums; what only one of them counted agrees with all.</summary>
    public static void MustAgree(string subject, IEnumerable<(string Name, string Check)> checks)
    {
        var expected = new Dictionary<string, (string Name, double Value)>();
        foreach (var (name, check) in checks.Where(c => c.Check.Length > 0))
        {
            foreach (var (what, value) in Parse(check))
            {
                // Doubles are added up in another order by each.
                if (!expected.TryAdd(what, (name, value)) && Math.Abs(expected[what].Value - value) > Math.Abs(value) * 1e-9)
                    throw new ContestFailedException($"{subject}: {name} has {what} {value:r}, but {expected[what].Name} has {expected[what].Value:r}. One of them reads the file wrong.");
            }
        }
    }

    private static Dictionary<string, double> Parse(string check) =>
        check.Split(' ').Select(p => p.Split('=')).ToDictionary(p => p[0], p => double.Parse(p[1], CultureInfo.InvariantCulture));
}
