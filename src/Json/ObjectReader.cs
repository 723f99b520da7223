using System.Text.Json;

namespace Etl.Json;

/// <summary>Goes through the keys of one object, the only thing on its line.</summary>
internal ref struct ObjectReader
{
    private readonly ReadOnlySpan<byte> line;
    private Utf8JsonReader reader;

    /// <summary>Starts before the first key.</summary>
    /// <exception cref="JsonException">The line is no JSON.</exception>
    public ObjectReader(ReadOnlySpan<byte> line)
    {
        this.line = line;
        reader = new Utf8JsonReader(line);
        reader.Read();
        IsObject = reader.TokenType == JsonTokenType.StartObject;
    }

    /// <summary>Whether the line starts an object at all.</summary>
    public bool IsObject { get; }

    /// <summary>The key as it is written; decode it when it <see cref="IsKeyEscaped"/>.</summary>
    public ReadOnlySpan<byte> Key { get; private set; }

    /// <summary>Whether the key is written with escapes.</summary>
    public bool IsKeyEscaped { get; private set; }

    /// <summary>The decoded key.</summary>
    public string? DecodedKey { get; private set; }

    /// <summary>What the value is.</summary>
    public JsonKind Kind { get; private set; }

    /// <summary>Where the value's text starts in the line, the quotes of a string aside.</summary>
    public int Start { get; private set; }

    /// <summary>The bytes of the value's text, as it is written.</summary>
    public int Length { get; private set; }

    /// <summary>The value's text, as it is written.</summary>
    public readonly ReadOnlySpan<byte> Text => line.Slice(Start, Length);

    /// <summary>Whether the value is a string written with escapes.</summary>
    public bool IsEscaped { get; private set; }

    /// <summary>Goes on to the next key; false after the last one.</summary>
    /// <exception cref="JsonException">The line is no JSON.</exception>
    /// <exception cref="InvalidOperationException">A key is no text.</exception>
    public bool Next()
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            // Whatever else is on the line is not JSON.
            reader.Read();
            return false;
        }

        Key = reader.ValueSpan;
        IsKeyEscaped = reader.ValueIsEscaped;
        DecodedKey = IsKeyEscaped ? reader.GetString() : null;
        reader.Read();
        Start = (int)reader.TokenStartIndex;
        IsEscaped = false;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                reader.Skip();
                (Kind, Length) = (JsonKind.Nested, (int)reader.BytesConsumed - Start);
                break;
            case JsonTokenType.String:
                (Kind, Start, Length, IsEscaped) = (JsonKind.String, Start + 1, reader.ValueSpan.Length, reader.ValueIsEscaped);
                break;
            case JsonTokenType.Null:
                (Kind, Length) = (JsonKind.Null, 0);
                break;
            default:
                (Kind, Length) = (JsonKind.Plain, reader.ValueSpan.Length);
                break;
        }

        return true;
    }

    /// <summary>Decodes a string into <paramref name="target"/>, which has room for <see cref="Length"/> bytes.</summary>
    /// <returns>The bytes written.</returns>
    /// <exception cref="InvalidOperationException">An escape stands for half a character.</exception>
    public readonly int Decode(Span<byte> target) => reader.CopyString(target);
}
