using Etl.Core.Errors;

namespace Etl.Csv;

/// <summary>There is no text to learn a schema from: no object, or only empty ones.</summary>
public sealed class NothingToInferException(string message) : DataException(message);
