namespace Etl.Csv.Inference;

/// <summary>What one value could be, with the readings that are still open.</summary>
internal struct ClassifiedValue
{
    /// <summary>The kind.</summary>
    public ValueKind Kind;

    /// <summary>For dates, the layouts that fit.</summary>
    public uint Layouts;

    /// <summary>For dates with times that are not plain, the layouts of the time that fit.</summary>
    public uint Times;

    /// <summary>For numbers with commas, how they may be read.</summary>
    public NumberReading Numbers;

    /// <summary>The kind where commas group.</summary>
    public ValueKind Grouping;

    /// <summary>The kind where a comma is decimal.</summary>
    public ValueKind DecimalComma;

    /// <summary>For words of true and false, the pairs they belong to.</summary>
    public uint Pairs;
}
