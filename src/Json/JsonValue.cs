namespace Etl.Json;

/// <summary>What a key of an object holds.</summary>
internal enum JsonKind
{
    /// <summary>null.</summary>
    Null,

    /// <summary>A number, true or false: its text is its value.</summary>
    Plain,

    /// <summary>A string.</summary>
    String,

    /// <summary>An object or an array: its JSON text is its value.</summary>
    Nested,
}
