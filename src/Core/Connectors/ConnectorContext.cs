using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Etl.Core.Connectors;

/// <summary>What a connector is given besides its options. One for each run, shared by all its connectors.</summary>
public sealed class ConnectorContext(string pipeline, string folder, bool local, TimeProvider time, ILoggerFactory logs, IReadOnlyDictionary<Type, object> settings)
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> shared = new();

    /// <summary>The pipeline's name.</summary>
    public string Pipeline { get; } = pipeline;

    /// <summary>The pipeline file's folder: relative paths in it start here.</summary>
    public string Folder { get; } = folder;

    /// <summary>Whether the run is against the local cloud: addresses and credentials come from the environment, whatever the pipeline file says.</summary>
    public bool Local { get; } = local;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Where to log.</summary>
    public ILoggerFactory Logs { get; } = logs;

    /// <summary>The shared settings of type <typeparamref name="T"/>, or null when the pipeline file has none.</summary>
    public T? Settings<T>() where T : class => (T?)settings.GetValueOrDefault(typeof(T));

    /// <summary>The one <typeparamref name="T"/> of this run, made by whoever asks first: how a credential is resolved once per run.</summary>
    public T Shared<T>(Func<ConnectorContext, T> create) where T : class =>
        (T)shared.GetOrAdd(typeof(T), _ => new Lazy<object>(() => create(this))).Value;
}
