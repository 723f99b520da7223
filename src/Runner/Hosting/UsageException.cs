namespace Etl.Runner.Hosting;

/// <summary>The command line asks for something that cannot be; nothing was touched.</summary>
internal sealed class UsageException(string message) : Exception(message);
