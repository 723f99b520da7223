using Etl.Connectors.Gcp.Federation;
using Google.Apis.Http;
using Google.Cloud.Storage.V1;

namespace Etl.Connectors.Gcp.Gcs;

/// <summary>Makes the library's client with the run's credential. No I/O.</summary>
internal static class GcsClient
{
    /// <param name="session">The run's credential.</param>
    /// <param name="storedBytes">Whether answers are left as they come, so that what is stored compressed stays so.</param>
    public static StorageClient Create(GoogleSession session, bool storedBytes = false) =>
        new StorageClientBuilder
        {
            Credential = session.Credential,
            BaseUri = EmulatorUri(Environment.GetEnvironmentVariable("STORAGE_EMULATOR_HOST")),
            UniverseDomain = session.UniverseDomain,
            ApplicationName = "etl",
            HttpClientFactory = storedBytes ? new AsTheyCome() : null,
        }.Build();

    private static string? EmulatorUri(string? host) =>
        string.IsNullOrEmpty(host) ? null : (host.Contains("://", StringComparison.Ordinal) ? host : "http://" + host).TrimEnd('/') + "/storage/v1/";

    private sealed class AsTheyCome : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args)
        {
            args.GZipEnabled = false;
            return base.CreateHandler(args);
        }
    }
}
