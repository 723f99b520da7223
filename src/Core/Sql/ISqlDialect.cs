namespace Etl.Core.Sql;

/// <summary>How a warehouse writes names and texts in SQL. Called by load sinks; whatever the text holds, it stays a name or a text.</summary>
public interface ISqlDialect
{
    /// <summary>An identifier, quoted.</summary>
    string Name(string identifier);

    /// <summary>A string literal.</summary>
    string Text(string text);
}
