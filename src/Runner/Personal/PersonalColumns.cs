using System.Globalization;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Runner.Personal;

/// <summary>A column that seems to hold data of persons.</summary>
/// <param name="Column">The column.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Why">Why that is thought, without a value.</param>
internal sealed record PersonalColumn(Column Column, string Kind, string Why)
{
    /// <summary>Whether there are so few possible values that all their hashes can be made.</summary>
    public bool IsGuessable => Kind is not ("e-mail address" or "person's name" or "address");
}

/// <summary>Looks through a sample for columns with data of persons. It counts, and keeps no value.</summary>
internal static class PersonalColumns
{
    private const int MostRows = 10_000;
    private const int Fewest = 5;

    // What of the values has to fit. One in ten numbers has a card's check digit by chance.
    private static readonly (string Kind, Func<string, bool> Fits, double Share, int Fewest)[] Checks =
    [
        ("e-mail address", PersonalData.IsEmail, 0.5, 1), ("payment card number", PersonalData.IsCard, 0.9, Fewest), ("My Number", PersonalData.IsMyNumber, 0.9, Fewest), ("telephone number", PersonalData.IsPhone, 0.8, 2),
    ];

    /// <summary>The columns found in the start of an object.</summary>
    public static async Task<IReadOnlyList<PersonalColumn>> FindAsync(IParser parser, Sample sample, TableSchema schema, CancellationToken cancel)
    {
        // As text: a type would lose leading zeros and gaps.
        var texts = new TableSchema([.. schema.Columns.Select(c => c with { Type = ColumnType.String, Format = null, IsGuess = false })]);
        var counts = schema.Columns.Select(_ => new long[Checks.Length + 2]).ToArray();
        using var content = sample.OpenBytes();
        long rows = 0;
        await foreach (var batch in parser.ParseAsync(new SplitInput(sample.Object, sample.Entry, content, new ParseTally()) { OpenStored = sample.OpenStored }, texts, new NoDeadLetters(), cancel))
            using (batch)
            {
                for (var i = 0; i < counts.Length; i++) Count((StringArray)batch.Column(i), counts[i]);
                if ((rows += batch.Length) >= MostRows) break;
            }

        return [.. schema.Columns.Select((column, i) => Judge(column, counts[i])).OfType<PersonalColumn>()];
    }

    private static void Count(StringArray column, long[] counts)
    {
        for (var row = 0; row < column.Length; row++)
        {
            var bytes = column.GetBytes(row);
            if (column.IsNull(row) || bytes.Length is 0 or > 300) continue;
            counts[^1]++;
            if (!PersonalData.MayBe(bytes)) continue;
            var value = column.GetString(row).Trim();
            for (var check = 0; check < Checks.Length; check++)
                if (Checks[check].Fits(value)) counts[check]++;
            if (PersonalData.IsPhoneDigits(value)) counts[^2]++;
        }
    }

    private static PersonalColumn? Judge(Column column, long[] counts)
    {
        var (name, values) = (column.SourceName ?? column.Name, counts[^1]);
        for (var check = 0; check < Checks.Length; check++)
            if (counts[check] >= Checks[check].Fewest && counts[check] >= values * Checks[check].Share)
                return new PersonalColumn(column, Checks[check].Kind, string.Create(CultureInfo.InvariantCulture, $"{counts[check]:N0} of {values:N0} values in the sample look like one"));
        if (PersonalData.NamesPhone(name) && values > 0 && counts[^2] >= values * 0.8) return new PersonalColumn(column, "telephone number", "by its name, and its values have as many digits");
        return PersonalData.ByName(name) is { } kind ? new PersonalColumn(column, kind, "by its name") : null;
    }

    private sealed class NoDeadLetters : IDeadLetters
    {
        public ValueTask RejectAsync(Reject reject, CancellationToken cancel) => ValueTask.CompletedTask;
    }
}
