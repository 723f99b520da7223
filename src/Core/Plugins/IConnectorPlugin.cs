using Etl.Core.Connectors;

namespace Etl.Core.Plugins;

/// <summary>What an assembly with connectors of its own says about itself: named by <see cref="ConnectorPluginAttribute{T}"/>, made once a process, asked once for each pipeline file that is read. Let exceptions escape.</summary>
public interface IConnectorPlugin
{
    /// <summary>Adds its connectors to those that are there. Nothing is opened yet.</summary>
    void Register(ConnectorRegistry registry);
}

/// <summary>Says that an assembly is a plugin: <c>[assembly: ConnectorPlugin&lt;AcmeConnectors&gt;]</c>.</summary>
/// <typeparam name="T">What registers its connectors.</typeparam>
public sealed class ConnectorPluginAttribute<T> : ConnectorPluginAttribute where T : IConnectorPlugin, new()
{
    internal override IConnectorPlugin Create() => new T();
}

/// <summary>The part of <see cref="ConnectorPluginAttribute{T}"/> that does not depend on its type.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public abstract class ConnectorPluginAttribute : Attribute
{
    internal abstract IConnectorPlugin Create();
}
