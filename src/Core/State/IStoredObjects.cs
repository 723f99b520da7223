namespace Etl.Core.State;

/// <summary>What a place for files or documents holds, and how to remove it: asked by commands that tidy up, and by the commit of what tasks staged, one at a time. Let exceptions escape.</summary>
public interface IStoredObjects
{
    /// <summary>Everything whose name starts with <paramref name="prefix"/>, which ends in a slash, in no stated order. Nothing when there is no such place yet.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancel);

    /// <summary>Removes <paramref name="found"/> as it was listed: one that is gone, or was written again since, is left.</summary>
    ValueTask DeleteAsync(StoredObject found, CancellationToken cancel);
}

/// <summary>One object or document, as it was listed.</summary>
/// <param name="Name">Its name, as it was written.</param>
/// <param name="Version">What tells it from a later one of the same name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Modified">When it was written, by the store's clock.</param>
public sealed record StoredObject(string Name, string Version, long Bytes, DateTimeOffset Modified);
