namespace Etl.Core.Errors;

/// <summary>The data is wrong. The message names the object, says what was expected, and never holds a value from the data.</summary>
public class DataException(string message, Exception? inner = null) : EtlException(message, inner);

/// <summary>An object is no longer the version the plan pinned.</summary>
public sealed class ObjectChangedException(string uri, Exception? inner = null)
    : DataException($"{uri} changed while it was being read, so its rows would mix two versions. Nothing of this run is loaded. Run again to read the new version.", inner);
