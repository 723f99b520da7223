using Etl.Core.Errors;

namespace Etl.Core.Plugins;

/// <summary>A plugin cannot be used. Nothing was touched.</summary>
/// <param name="message">Which, why, and what to do.</param>
/// <param name="inner">What it threw, if anything.</param>
public sealed class PluginException(string message, Exception? inner = null) : EtlException(message, inner);
