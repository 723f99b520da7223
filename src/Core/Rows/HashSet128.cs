namespace Etl.Core.Rows;

/// <summary>A set of hashes of 128 bits, which are spread evenly as they are: 16 bytes a place, at most two places in three taken. Half of what a set of the framework's takes.</summary>
internal sealed class HashSet128
{
    private UInt128[] places = new UInt128[1 << 12];
    private bool hasZero;
    private int taken;

    /// <summary>How many there are.</summary>
    public int Count => taken + (hasZero ? 1 : 0);

    /// <summary>Adds one; false when it is there already.</summary>
    public bool Add(UInt128 hash)
    {
        if (hash == UInt128.Zero) return !hasZero && (hasZero = true);
        if (taken >= places.Length / 3 * 2) Grow();
        ref var place = ref Find(places, hash);
        if (place == hash) return false;
        place = hash;
        taken++;
        return true;
    }

    private void Grow()
    {
        var larger = new UInt128[places.Length * 2];
        foreach (var hash in places)
            if (hash != UInt128.Zero) Find(larger, hash) = hash;
        places = larger;
    }

    // Where it is, or the free place where it goes.
    private static ref UInt128 Find(UInt128[] places, UInt128 hash)
    {
        var mask = places.Length - 1;
        var at = (int)(ulong)hash & mask;
        while (places[at] != UInt128.Zero && places[at] != hash) at = (at + 1) & mask;
        return ref places[at];
    }
}
