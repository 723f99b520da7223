using System.Text;

namespace Etl.Json;

/// <summary>Numbers keys in the order they are met. Objects mostly have the same keys in the same order, so that the key after a key is guessed before it is looked up.</summary>
internal sealed class JsonKeys
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<byte[]> keys = [];
    private readonly List<int> following = [];
    private int first = -1;
    private int before = -1;

    /// <summary>The keys, by number.</summary>
    public IReadOnlyCollection<string> Names => numbers.Keys;

    /// <summary>How many there are.</summary>
    public int Count => keys.Count;

    /// <summary>Begins an object.</summary>
    public void Start() => before = -1;

    /// <summary>The number of a key; a new one when it was not met before and there are fewer than <paramref name="most"/>, else -1.</summary>
    public int Of(in ObjectReader at, int most)
    {
        var guess = before < 0 ? first : following[before];
        if (guess < 0 || at.IsKeyEscaped || !at.Key.SequenceEqual(keys[guess]))
        {
            guess = Find(at.DecodedKey ?? Encoding.UTF8.GetString(at.Key), most);
            if (guess < 0) return -1;
            if (before < 0) first = guess;
            else following[before] = guess;
        }

        return before = guess;
    }

    /// <summary>The number of <paramref name="key"/>, as <see cref="Of"/> gives it.</summary>
    public int Find(string key, int most)
    {
        if (numbers.TryGetValue(key, out var number)) return number;
        if (keys.Count >= most) return -1;
        numbers.Add(key, keys.Count);
        keys.Add(Encoding.UTF8.GetBytes(key));
        following.Add(-1);
        return keys.Count - 1;
    }
}
