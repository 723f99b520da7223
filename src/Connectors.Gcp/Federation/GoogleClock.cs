using Google.Apis.Util;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>The run's clock, as Google's library asks for it.</summary>
internal sealed class GoogleClock(TimeProvider time) : IClock
{
    public DateTime Now => time.GetLocalNow().DateTime;

    public DateTime UtcNow => time.GetUtcNow().UtcDateTime;
}
