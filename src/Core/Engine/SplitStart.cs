using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Etl.Core.Engine;

/// <summary>Where the records of a split start, as the split before it knows.</summary>
/// <param name="Offset">The byte at which the first one starts.</param>
/// <param name="StartsIn">What the parser was in there; null for rows as usual.</param>
internal sealed record SplitStart(long Offset, string? StartsIn)
{
    /// <summary>The start as part of a file's name.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"from-{Offset}{(StartsIn is null ? "" : "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(StartsIn)))[..8])}");
}
