using DocumentFormat.OpenXml.Spreadsheet;

namespace Etl.Excel;

/// <summary>What the styles of a workbook's cells show of a number.</summary>
internal sealed class NumberFormats
{
    private readonly ShownTime[] styles;

    private NumberFormats(ShownTime[] styles) => this.styles = styles;

    /// <summary>Reads them off a style sheet; null for none.</summary>
    public static NumberFormats Of(Stylesheet? sheet)
    {
        var own = new Dictionary<uint, ShownTime>();
        foreach (var format in sheet?.NumberingFormats?.Elements<NumberingFormat>() ?? [])
            if (format is { NumberFormatId.Value: var id, FormatCode.Value: { } code }) own[id] = FormatCode.Shown(code);
        return new NumberFormats([.. (sheet?.CellFormats?.Elements<CellFormat>() ?? []).Select(f => f.NumberFormatId?.Value ?? 0).Select(id => own.TryGetValue(id, out var shown) ? shown : BuiltIn(id))]);
    }

    /// <summary>What a style shows.</summary>
    public ShownTime this[int style] => style >= 0 && style < styles.Length ? styles[style] : ShownTime.None;

    // ECMA-376 part 1, 18.8.30: those without a code in the file. 27 to 36 and 50 to 58 are dates of East Asian languages.
    private static ShownTime BuiltIn(uint id) => id switch
    {
        >= 14 and <= 17 => ShownTime.Date,
        >= 18 and <= 21 or 32 or 33 or 45 or 47 => ShownTime.Time,
        22 => ShownTime.DateTime,
        46 => ShownTime.Elapsed,
        >= 27 and <= 36 or >= 50 and <= 58 => ShownTime.Date,
        _ => ShownTime.None,
    };
}
