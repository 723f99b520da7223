namespace Etl.Csv.Reading;

/// <summary>One field of a record that was read again.</summary>
/// <param name="Text">Its text in UTF-8, without quotes and escapes.</param>
/// <param name="Quoted">Whether it stood in quotes.</param>
internal readonly record struct LooseField(ReadOnlyMemory<byte> Text, bool Quoted);
