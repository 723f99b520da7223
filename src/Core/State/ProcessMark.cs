using System.Security.Cryptography;
using System.Text;

namespace Etl.Core.State;

/// <summary>What tells a process from a later one of the same id. Known on Linux only; elsewhere a dead holder is found out when its lease ends.</summary>
/// <param name="Realm">A digest of the boot and the process namespace: where process ids mean the same. Two containers of one name differ in it.</param>
/// <param name="Started">The process's start, in clock ticks since boot.</param>
public sealed record ProcessMark(string Realm, string Started)
{
    /// <summary>This process's, or null.</summary>
    public static ProcessMark? Current { get; } = Read();

    /// <summary>Whether the holder of <paramref name="lease"/> was a process beside this one, and is gone: killed, say, before it let go.</summary>
    public static bool IsGone(Lease lease) =>
        Current is { } here && lease.Mark is { } there && there.Realm == here.Realm && StartedOf(lease.Process) != there.Started;

    private static ProcessMark? Read()
    {
        try
        {
            if (!OperatingSystem.IsLinux() || StartedOf(Environment.ProcessId) is not { } started) return null;
            var realm = File.ReadAllText("/proc/sys/kernel/random/boot_id") + new FileInfo("/proc/self/ns/pid").LinkTarget;
            return new ProcessMark(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(realm)))[..20], started);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: after the name in parentheses come the state (3) and the start (22).
    private static string? StartedOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
