namespace Etl.Connectors.Local.Files;

/// <summary>How a full disk shows.</summary>
internal static class DiskFull
{
    /// <summary>ENOSPC on Unix; ERROR_DISK_FULL on Windows.</summary>
    public static int HResult => OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;
}
