namespace Etl.Connectors.Gcp.Doctor;

/// <summary>The known causes of a failed step.</summary>
public enum DiagnosisCause
{
    /// <summary>The credentials file is missing, of another shape, or names an address that is not the service's own.</summary>
    CredentialsFileWrong,

    /// <summary>The AWS SDK's chain found no credentials.</summary>
    AwsCredentialsMissing,

    /// <summary>The AWS session ended.</summary>
    AwsTokenExpired,

    /// <summary>AWS does not know these credentials.</summary>
    AwsCredentialsRefused,

    /// <summary>This machine's clock is off.</summary>
    ClockSkew,

    /// <summary>A service cannot be reached from here.</summary>
    EgressBlocked,

    /// <summary>The audience names no active provider.</summary>
    WrongAudience,

    /// <summary>The provider is for another AWS account.</summary>
    ProviderAccountMismatch,

    /// <summary>The provider's attribute condition refused the caller.</summary>
    AttributeConditionRefused,

    /// <summary>The provider's attribute mapping cannot be evaluated for the caller.</summary>
    AttributeMappingWrong,

    /// <summary>The mapped subject is over 127 bytes.</summary>
    SubjectTooLong,

    /// <summary>A Google API is not enabled in the project.</summary>
    ApiDisabled,

    /// <summary>The service account is bound to the role's IAM ARN, which no caller has.</summary>
    IamRoleArnInBinding,

    /// <summary>The service account is bound to an attribute that the provider does not map.</summary>
    AttributeMappingMissing,

    /// <summary>Nothing lets the caller act as the service account.</summary>
    WorkloadIdentityUserMissing,

    /// <summary>The caller may not act as the service account, and why cannot be seen from here.</summary>
    ImpersonationRefused,

    /// <summary>There is no such service account.</summary>
    ServiceAccountMissing,

    /// <summary>The service account is disabled.</summary>
    ServiceAccountDisabled,

    /// <summary>There is no such bucket.</summary>
    BucketMissing,

    /// <summary>There is no such dataset.</summary>
    DatasetMissing,

    /// <summary>Permissions are missing.</summary>
    PermissionMissing,

    /// <summary>The source cannot be read.</summary>
    SourceRefused,

    /// <summary>A service refused or failed in another way.</summary>
    ServiceFailed,
}
