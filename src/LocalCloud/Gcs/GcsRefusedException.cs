namespace Etl.LocalCloud.Gcs;

/// <summary>A request that Cloud Storage would refuse.</summary>
internal sealed class GcsRefusedException(int status, string reason, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Reason { get; } = reason;

    public static GcsRefusedException NoBucket() => new(404, "notFound", "The specified bucket does not exist.");

    public static GcsRefusedException NoObject(string bucket, string name) => new(404, "notFound", $"No such object: {bucket}/{name}");

    public static GcsRefusedException ConditionNotMet() => new(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
}
