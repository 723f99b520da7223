using Etl.Core.Errors;

namespace Etl.Runner.Lambda;

/// <summary>The event is nothing that Etl knows what to do with.</summary>
internal sealed class UnreadableEventException(string message) : EtlException(message);
