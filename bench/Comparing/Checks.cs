using System.Globalization;

namespace Etl.Bench.Comparing;

/// <summary>Holds what the contestants saw against each other.</summary>
internal static class Checks
{
    /// <summary>Fails when two of them saw another number of rows or other sums; an empty check (nothing was counted) agrees with all.</summary>
    public static void MustAgree(string subject, IEnumerable<(string Name, string Check)> checks)
    {
        var (first, expected) = ("", new Dictionary<string, double>());
        foreach (var (name, check) in checks.Where(c => c.Check.Length > 0))
        {
            var found = Parse(check);
            if (expected.Count == 0)
                (first, expected) = (name, found);
            foreach (var (what, value) in found)
            {
                // Doubles are added up in another order by each.
                if (Math.Abs(expected[what] - value) > Math.Abs(value) * 1e-9)
                    throw new ContestFailedException($"{subject}: {name} has {what} {value:r}, but {first} has {expected[what]:r}. One of them reads the file wrong.");
            }
        }
    }

    private static Dictionary<string, double> Parse(string check) =>
        check.Split(' ').Select(p => p.Split('=')).ToDictionary(p => p[0], p => double.Parse(p[1], CultureInfo.InvariantCulture));
}
