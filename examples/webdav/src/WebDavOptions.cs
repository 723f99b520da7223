using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;
using Etl.Core.Pipelines;

namespace WebDav;

/// <summary>Options of the source <c>webdav</c>.</summary>
public sealed record WebDavOptions
{
    /// <summary>The collection.</summary>
    [Required]
    [Description("The collection's address, such as https://cloud.acme.example/remote.php/dav/files/etl/exports/")]
    public required Uri Url { get; init; }

    /// <summary>Which of its files.</summary>
    [KeyPattern]
    [Description("Which files below it, such as **/*.csv; all when left out")]
    public string? Pattern { get; init; }

    /// <summary>Who reads.</summary>
    [Description("The user's name")]
    public string? User { get; init; }

    /// <summary>Their password.</summary>
    [Description("The user's password")]
    public Secret? Password { get; init; }
}
