namespace Etl.Csv.Dialects;

/// <summary>How many records have how many fields.</summary>
internal sealed class RowWidths
{
    private readonly Dictionary<int, int> records = [];

    /// <summary>The number of fields that most records have; of two that are as frequent, the larger. 0 without records.</summary>
    public int Usual { get; private set; }

    /// <summary>How many records have so many fields.</summary>
    public int Of(int fields) => records.GetValueOrDefault(fields);

    /// <summary>Counts a record.</summary>
    public void Add(int fields)
    {
        var count = records[fields] = Of(fields) + 1;
        var most = Of(Usual);
        if (count > most || (count == most && fields > Usual))
            Usual = fields;
    }
}
