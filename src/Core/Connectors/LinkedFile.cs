namespace Etl.Core.Connectors;

/// <summary>A local file, also where a symbolic link names it: of a link, .NET tells the length and the time of the link itself.</summary>
public static class LinkedFile
{
    /// <summary>The file that a path leads to; null where nothing is, and where a link leads nowhere, in a circle or to a pipe.</summary>
    /// <param name="path">The path of a file, or of a link to one.</param>
    public static FileInfo? Find(string path)
    {
        var file = new FileInfo(path);
        try
        {
            return (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file) is { Exists: true } found ? found : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
