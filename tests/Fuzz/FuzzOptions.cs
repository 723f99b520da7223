using Etl.Csv;

namespace Etl.Fuzz;

/// <summary>Options that the first byte of an input chooses, so that a fuzzer finds its way to each of them.</summary>
internal static class FuzzOptions
{
    /// <summary>The options and the text that follows their byte; half of all inputs state nothing.</summary>
    public static CsvOptions From(byte[] bytes, out byte[] text)
    {
        text = bytes.Length > 0 ? bytes[1..] : bytes;
        var choice = bytes.Length > 0 ? bytes[0] : 0;
        if ((choice & 1) == 0)
            return new CsvOptions { Schema = (choice & 2) == 0 ? null : CsvSchemaMode.Strings };
        return new CsvOptions
        {
            Schema = (choice & 2) == 0 ? null : CsvSchemaMode.Strings,
            Header = (choice & 4) == 0 ? null : (choice & 8) == 0,
            Delimiter = ((choice >> 4) & 3) switch { 0 => null, 1 => ",", 2 => "||", _ => ";" },
            Quote = (choice & 64) == 0 ? null : "\"",
            Escape = (choice & 64) != 0 && (choice & 128) != 0 ? "\\" : null,
            Encoding = (choice & 128) == 0 ? null : "utf-8",
            Null = (choice & 8) == 0 ? null : ["NULL", "-"],
        };
    }
}
