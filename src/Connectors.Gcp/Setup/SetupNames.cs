using System.Text.RegularExpressions;

namespace Etl.Connectors.Gcp.Setup;

/// <summary>What the names in a set-up may be. They go into shell commands and HCL, so nothing else may pass.</summary>
public static partial class SetupNames
{
    /// <summary>A Google project's id (https://cloud.google.com/resource-manager/docs/creating-managing-projects).</summary>
    [GeneratedRegex(@"^[a-z][a-z0-9-]{4,28}[a-z0-9]\z")]
    public static partial Regex Project { get; }

    /// <summary>A Google project's number.</summary>
    [GeneratedRegex(@"^[0-9]{6,20}\z")]
    public static partial Regex Number { get; }

    /// <summary>A pool's or provider's id.</summary>
    [GeneratedRegex(@"^(?!gcp-)[a-z0-9-]{3,32}\z")]
    public static partial Regex Pool { get; }

    /// <summary>A service account's id.</summary>
    [GeneratedRegex(@"^[a-z][a-z0-9-]{4,28}[a-z0-9]\z")]
    public static partial Regex Account { get; }

    /// <summary>An AWS session's name, or its beginning.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9_+=,.@-]{1,64}\z")]
    public static partial Regex Session { get; }

    /// <summary>A bucket's name.</summary>
    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]\z")]
    public static partial Regex Bucket { get; }

    /// <summary>A dataset's name.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9_]{1,1024}\z")]
    public static partial Regex Dataset { get; }
}
