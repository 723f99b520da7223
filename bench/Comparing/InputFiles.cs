using System.Diagnostics;
using System.Globalization;

namespace Etl.Bench.Comparing;

/// <summary>The generated files, made when they are missing: plain, compressed, and in CP932.</summary>
internal sealed class InputFiles(string folder, double scale)
{
    /// <summary>Where contestants write.</summary>
    public string Output(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "out")).FullName, name);

    /// <summary>The bytes of a shape at scale 1: what the table in the docs is measured on.</summary>
    public long SizeOf(Shape shape) => (long)((shape == Shape.Orders ? 600e6 : 200e6) * scale);

    /// <summary>The plain file of a shape.</summary>
    public async Task<string> PlainAsync(Shape shape, CancellationToken cancel, long? size = null)
    {
        var bytes = size ?? SizeOf(shape);
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, string.Create(CultureInfo.InvariantCulture, $"{shape}-{bytes / 1000}k.csv"));
        if (!File.Exists(file))
        {
            var partial = file + ".partial";
            await using (var output = File.Create(partial))
                Generator.Write(shape, bytes, seed: 1, output);
            File.Move(partial, file);
        }

        cancel.ThrowIfCancellationRequested();
        return file;
    }

    /// <summary>The file compressed by gzip -6.</summary>
    public async Task<string> GzipAsync(Shape shape, CancellationToken cancel) => await MadeAsync(await PlainAsync(shape, cancel).ConfigureAwait(false), ".gz", "gzip -6 -n -c", cancel).ConfigureAwait(false);

    /// <summary>The file compressed by zstd -3.</summary>
    public async Task<string> ZstdAsync(Shape shape, CancellationToken cancel) => await MadeAsync(await PlainAsync(shape, cancel).ConfigureAwait(false), ".zst", "zstd -3 -q -c", cancel).ConfigureAwait(false);

    /// <summary>The file in CP932.</summary>
    public async Task<string> Cp932Async(Shape shape, CancellationToken cancel) => await MadeAsync(await PlainAsync(shape, cancel).ConfigureAwait(false), ".cp932.csv", "iconv -f UTF-8 -t CP932", cancel).ConfigureAwait(false);

    private static async Task<string> MadeAsync(string plain, string ending, string command, CancellationToken cancel)
    {
        var file = ending.EndsWith(".csv", StringComparison.Ordinal) ? plain[..^4] + ending : plain + ending;
        if (File.Exists(file))
            return file;
        using var process = Process.Start("bash", ["-c", $"{command} '{plain}' > '{file}.partial' && mv '{file}.partial' '{file}'"]);
        await process.WaitForExitAsync(cancel).ConfigureAwait(false);
        return process.ExitCode == 0 ? file : throw new InvalidOperationException($"{command} failed; is it installed?");
    }
}
