using Etl.Core.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Etl.Runner.Hosting;

/// <summary>Sends spans and metrics by OTLP when OpenTelemetry's own variables say where to (https://opentelemetry.io/docs/specs/otel/protocol/exporter/); otherwise nothing is loaded or measured.</summary>
internal sealed class Telemetry : IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private readonly TracerProvider? traces;
    private readonly MeterProvider? metrics;

    private Telemetry(bool sendTraces, bool sendMetrics)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("etl", serviceVersion: typeof(Telemetry).Assembly.GetName().Version!.ToString(3)).AddEnvironmentVariableDetector();
        // .NET's own spans of requests leave out what is after the question mark, where upload sessions are.
        if (sendTraces) traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(RunTelemetry.Name, "System.Net.Http").AddOtlpExporter().Build();
        if (sendMetrics) metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(RunTelemetry.Name).AddOtlpExporter().Build();
    }

    /// <summary>Starts what the environment asks for; null when it asks for nothing.</summary>
    public static IDisposable? Start(Func<string, string?> environment)
    {
        bool Wants(string own) => !string.IsNullOrEmpty(environment(own)) || !string.IsNullOrEmpty(environment(Endpoint));
        if (string.Equals(environment("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase) || (!Wants(TracesEndpoint) && !Wants(MetricsEndpoint))) return null;
        return new Telemetry(Wants(TracesEndpoint), Wants(MetricsEndpoint));
    }

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }
}
