using Etl.Core.Contracts;
using Etl.Core.Errors;

namespace Etl.Core.Engine;

/// <summary>Tells a source that wants to know it which objects are dealt with. The state has them, whatever becomes of this process, so a failure is a note and no reason to wait.</summary>
internal static class Acknowledgement
{
    /// <summary>Tells it.</summary>
    /// <returns>A note for the person when that failed; otherwise null.</returns>
    public static async Task<string?> SendAsync(ISource source, IEnumerable<SourceObject> objects, CancellationToken cancel)
    {
        if (source is not IAcknowledgedSource acknowledged) return null;
        try
        {
            await acknowledged.AcknowledgeAsync([.. objects.Distinct()], cancel).ConfigureAwait(false);
            return null;
        }
        catch (EtlException e)
        {
            return $"The source could not be told what is loaded, so it will list that again, and it will not be loaded again. {e.Message}";
        }
    }
}
