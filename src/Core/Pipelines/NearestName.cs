namespace Etl.Core.Pipelines;

/// <summary>Finds what a misspelt name was meant to be.</summary>
public static class NearestName
{
    /// <summary>A sentence such as <c>did you mean "bucket"?</c>, or the known names when none is near.</summary>
    public static string Suggest(string wrong, IEnumerable<string> known)
    {
        var names = known.ToList();
        var nearest = names.Select(name => (name, distance: Distance(wrong.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(n => n.distance <= Math.Max(1, Math.Min(n.name.Length, wrong.Length) / 2))
            .OrderBy(n => n.distance).FirstOrDefault().name;
        return nearest is not null ? $"did you mean \"{nearest}\"?"
            : names.Count == 0 ? "nothing can stand here"
            : $"known here: {string.Join(", ", names)}";
    }

    // Damerau-Levenshtein, optimal string alignment: a swap of neighbours is one slip of the fingers.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }
}
