namespace Etl.Runner.Commands;

/// <summary>Whether a CSV file that is written has a header.</summary>
internal enum OutputHeader
{
    /// <summary>When the file that is read has one.</summary>
    Auto,

    /// <summary>Always; columns without a name are called <c>column_1</c> and so on.</summary>
    Yes,

    /// <summary>Never.</summary>
    No,
}
