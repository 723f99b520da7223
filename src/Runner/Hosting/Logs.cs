using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Etl.Runner.Hosting;

/// <summary>Etl's own log, on standard error, at the level that <c>ETL_LOG</c> names: trace, debug, information, warning; nothing when it is not set. The clouds' libraries do not log here: their words may hold tokens.</summary>
internal static class Logs
{
    /// <summary>The loggers of this process.</summary>
    public static ILoggerFactory Factory { get; } =
        Enum.TryParse<LogLevel>(Environment.GetEnvironmentVariable("ETL_LOG"), ignoreCase: true, out var level) && level != LogLevel.None
            ? LoggerFactory.Create(logging => logging.SetMinimumLevel(level).AddProvider(new ErrorStream()))
            : NullLoggerFactory.Instance;

    // Written at once: a line must not be lost because the process ends.
    private sealed class ErrorStream : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Line(categoryName[(categoryName.LastIndexOf('.') + 1)..]);

        public void Dispose()
        {
        }
    }

    private sealed class Line(string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Write(
                logLevel,
                Messages.Json ? formatter(state, exception) : string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel.ToString().ToLowerInvariant()} {category}: {formatter(state, exception)}"),
                ("category", category));
    }
}
