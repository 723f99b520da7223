using System.Text.Json.Nodes;

namespace Etl.LocalCloud.BigQuery;

/// <summary>What BigQuery would refuse: a request, or a job that ends in this error (https://cloud.google.com/bigquery/docs/error-messages).</summary>
internal sealed class BigQueryRefusedException(int status, string reason, string message) : Exception(message)
{
    /// <summary>The HTTP status when a request is refused.</summary>
    public int Status { get; } = status;

    /// <summary>The error's reason.</summary>
    public string Reason { get; } = reason;

    /// <summary>The single errors behind it; itself when there are none.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    public static BigQueryRefusedException Invalid(string message) => new(400, "invalid", message);

    public static BigQueryRefusedException InvalidQuery(string message) => new(400, "invalidQuery", message);

    public static BigQueryRefusedException NotFound(string message) => new(404, "notFound", message);

    public static BigQueryRefusedException Duplicate(string message) => new(409, "duplicate", message);

    /// <summary>The error as a job's status carries it.</summary>
    public static JsonObject Proto(string reason, string message) => new() { ["reason"] = reason, ["message"] = message };
}
