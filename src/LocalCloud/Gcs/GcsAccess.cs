using Etl.LocalCloud.Iam;
using Etl.LocalCloud.Identity;

namespace Etl.LocalCloud.Gcs;

/// <summary>The permissions that each method of Cloud Storage takes (https://cloud.google.com/storage/docs/access-control/iam-json).</summary>
internal sealed class GcsAccess(AccessControl access, GcsStore store)
{
    /// <summary>Whether the caller has the permission on the bucket.</summary>
    public bool Allows(GcsRequest request, string permission) => access.Allows(request.Caller, permission, "buckets/" + request.Bucket);

    /// <summary>Refuses a request whose caller has not the permission, in Cloud Storage's words.</summary>
    public GcsRequest Require(GcsRequest request, string permission)
    {
        if (Allows(request, permission)) return request;
        throw Denied(request.Caller, permission);
    }

    /// <summary>Reading an object. Only who may list is told that there is none.</summary>
    public GcsRequest RequireGet(GcsRequest request)
    {
        Require(request, "storage.objects.get");
        if (store.Find(request.Bucket, request.Name) is null && !Allows(request, "storage.objects.list")) throw Denied(request.Caller, "storage.objects.get");
        return request;
    }

    /// <summary>Writing an object; over another one, deleting too.</summary>
    public void RequireWrite(GcsRequest request, string name, Preconditions conditions)
    {
        Require(request, "storage.objects.create");
        if (store.Find(request.Bucket, name) is { } found && conditions.Hold(found)) Require(request, "storage.objects.delete");
    }

    private static GcsRefusedException Denied(GoogleIdentity caller, string permission)
    {
        var what = permission == "storage.objects.list" || permission.StartsWith("storage.buckets.", StringComparison.Ordinal) ? "bucket" : "object";
        return new GcsRefusedException(403, "forbidden", $"{caller.Name} does not have {permission} access to the Google Cloud Storage {what}. Permission '{permission}' denied on resource (or it may not exist).");
    }
}
