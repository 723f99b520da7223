using System.Globalization;

namespace Etl.Bench.Contenders;

/// <summary>What a scan saw: two contenders that read the same file must agree. Each column's values were parsed; the sums prove it.</summary>
internal record struct Scanned
{
    public long Rows { get; set; }

    public long Integers { get; set; }

    public double Decimals { get; set; }

    /// <summary>Days and instants that were there.</summary>
    public long Times { get; set; }

    /// <summary>Characters or bytes of text; contenders count different units, so that this only keeps the text from being skipped.</summary>
    public long TextLength { get; set; }

    public readonly string Check => string.Create(CultureInfo.InvariantCulture, $"rows={Rows} integers={Integers} decimals={Decimals:r} times={Times}");
}
