namespace Etl.LocalCloud.Faults;

/// <summary>What can go wrong with a request.</summary>
public enum FaultKind
{
    /// <summary>An error is answered, and nothing was done.</summary>
    Status,

    /// <summary>The connection breaks before the service has acted.</summary>
    ResetBefore,

    /// <summary>The connection breaks in the middle of the request's body.</summary>
    ResetDuring,

    /// <summary>The connection breaks after the service has acted, before it answers.</summary>
    ResetAfter,

    /// <summary>Half of the answer's body comes, then the connection breaks.</summary>
    Truncate,

    /// <summary>A byte of the request's body is another one when it arrives.</summary>
    CorruptRequest,

    /// <summary>A byte of the answer's body is another one when it arrives.</summary>
    CorruptResponse,

    /// <summary>The answer comes in drops.</summary>
    Drip,

    /// <summary>A listing is the one that was answered before.</summary>
    StaleListing,

    /// <summary>The credentials are said to be expired.</summary>
    ExpiredToken,

    /// <summary>A job is started, and the answer says that there is one with its id already.</summary>
    DuplicateJob,

    /// <summary>A job is started and fails when its rows are written; the table stays as it was.</summary>
    FailJob,
}
