namespace Etl.Core.Errors;

/// <summary>Another process is at work on the pipeline. Trying again later helps.</summary>
public sealed class LeaseException(string message) : EtlException(message);
