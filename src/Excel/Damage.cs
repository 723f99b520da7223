using Etl.Core.Errors;

namespace Etl.Excel;

/// <summary>Says in words for a person that a workbook's bytes are not what they should be, whatever the libraries make of them.</summary>
internal static class Damage
{
    /// <summary>Reads, and explains what goes wrong.</summary>
    /// <param name="name">The workbook.</param>
    /// <param name="read">What reads.</param>
    /// <exception cref="DataException">The bytes are no workbook.</exception>
    public static T Explain<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (EtlException or OperationCanceledException or OutOfMemoryException))
        {
            throw new DataException($"{name} is no workbook that can be read to its end, or it is damaged: {e.Message.TrimEnd('.')}. Open it in Excel, save it as .xlsx, upload it again and run again.", e);
        }
    }
}
