namespace Etl.Core.Errors;

/// <summary>A failure that a person can act on: the message says what happened, where, and what to do next. Anything else that escapes is a bug of ours.</summary>
public abstract class EtlException(string message, Exception? inner = null) : Exception(message, inner);
