namespace Etl.Core.Transforms;

/// <summary>What somebody may have meant by a name that is not there.</summary>
internal static class NearestNames
{
    /// <summary>Up to three of <paramref name="names"/>, nearest first, by the number of letters to change.</summary>
    public static IReadOnlyList<string> Of(string wanted, IEnumerable<string> names) =>
        [.. names
            .Select(name => (name, distance: Distance(wanted.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(n => n.distance <= Math.Max(2, wanted.Length / 3))
            .OrderBy(n => n.distance)
            .Take(3)
            .Select(n => n.name)];

    /// <summary>Levenshtein's.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j - 1], above) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
