namespace Etl.Csv.Reading;

/// <summary>Lays the fields of a record that has too many or too few of them over the columns: of all ways, the one in which the fields look most like their columns' values.</summary>
internal sealed class FieldAlignment(RowProfile profile, ReadOnlyMemory<byte> delimiter)
{
    private const int MaxFields = 512;
    private const int LongestRun = 16;
    private const int MaxSplit = 128;
    private const double Never = double.MaxValue / 4;

    // An unescaped delimiter, a delimiter too many and one too few are about as likely; a field that is not there is likeliest at the end.
    private const double Join = 1;
    private const double Drop = 0.5;
    private const double DropLast = 0.4;
    private const double Lack = 1.2;
    private const double LackLast = 0.4;
    private const double Cut = 1;

    private enum Step { None, Take, Join, Drop, Lack, Cut }

    /// <summary>The fields, one for each column; null when no way to lay them out is plainly the best.</summary>
    /// <param name="fields">The fields as they were split.</param>
    /// <param name="repair">The kind of repair that this was.</param>
    public List<LooseField>? Align(IReadOnlyList<LooseField> fields, out string repair)
    {
        repair = "";
        var width = profile.Columns.Count;
        if (fields.Count > MaxFields || width > MaxFields || width == 0 || profile.Columns[0].Cells == 0)
            return null;
        var first = Run(fields, preferLater: false);
        var last = Run(fields, preferLater: true);
        // Who leaves out a field does not write delimiters too many as well.
        if (first is not { } best || last is not { } other || best.Misfit > 1 || best.JoinsAndLacks || !Same(best.Fields, other.Fields))
            return null;
        repair = best.Repair;
        return best.Fields;
    }

    private (List<LooseField> Fields, string Repair, int Misfit, bool JoinsAndLacks)? Run(IReadOnlyList<LooseField> fields, bool preferLater)
    {
        int count = fields.Count, width = profile.Columns.Count;
        var cost = new double[count + 1, width + 1];
        var steps = new (Step Step, int Size)[count + 1, width + 1];
        for (var i = 0; i <= count; i++)
        {
            for (var j = 0; j <= width; j++)
                cost[i, j] = Never;
        }
        cost[0, 0] = 0;
        for (var i = 0; i <= count; i++)
        {
            for (var j = 0; j <= width; j++)
            {
                if (cost[i, j] >= Never || Math.Abs(i - count - (j - width)) > LongestRun * 2)
                    continue;
                if (i < count && j < width)
                    Try(i, j, i + 1, j + 1, Fit(j, fields[i].Text), Step.Take, 1);
                if (i < count && fields[i].Text.IsEmpty)
                    Try(i, j, i + 1, j, j == width ? DropLast : Drop, Step.Drop, 1);
                if (j < width)
                    Try(i, j, i, j + 1, i == count ? LackLast : Lack, Step.Lack, 1);
                for (var size = 2; count > width && size <= LongestRun && i + size <= count && j < width && !fields[i].Quoted && !fields[i + size - 1].Quoted; size++)
                    Try(i, j, i + size, j + 1, Fit(j, Joined(fields, i, size)) + JoinCost(fields, i, size), Step.Join, size);
                if (count < width && i < count && j + 1 < width && Best(fields[i], j) is var (at, misfit))
                    Try(i, j, i + 1, j + 2, Cut + misfit, Step.Cut, at);
            }
        }
        return cost[count, width] >= Never ? null : Trace(fields, steps);

        void Try(int i, int j, int toField, int toColumn, double price, Step step, int size)
        {
            var total = cost[i, j] + price;
            var better = preferLater ? total <= cost[toField, toColumn] + 1e-9 : total < cost[toField, toColumn] - 1e-9;
            if (better)
                (cost[toField, toColumn], steps[toField, toColumn]) = (total, (step, size));
        }
    }

    private (List<LooseField> Fields, string Repair, int Misfit, bool JoinsAndLacks) Trace(IReadOnlyList<LooseField> fields, (Step Step, int Size)[,] steps)
    {
        int i = fields.Count, j = profile.Columns.Count;
        var laid = new LooseField[j];
        var repair = "";
        var (joins, lacks) = (false, false);
        while (i > 0 || j > 0)
        {
            var (step, size) = steps[i, j];
            switch (step)
            {
                case Step.Take:
                    laid[--j] = fields[--i];
                    break;
                case Step.Join:
                    i -= size;
                    laid[--j] = new LooseField(Joined(fields, i, size), false);
                    repair = RepairKinds.UnquotedDelimiter;
                    joins = true;
                    break;
                case Step.Drop:
                    i--;
                    if (repair.Length == 0)
                        repair = RepairKinds.ExtraEmptyFields;
                    break;
                case Step.Lack:
                    laid[--j] = new LooseField(default, false);
                    lacks = true;
                    if (repair.Length == 0)
                        repair = RepairKinds.MissingFields;
                    break;
                default:
                    var text = fields[--i].Text;
                    j -= 2;
                    var joint = text.Span[size] == '"' ? 1 : 0;
                    (laid[j], laid[j + 1]) = (new LooseField(text[..size], false), new LooseField(text[(size + joint)..], false));
                    repair = RepairKinds.MissingDelimiter;
                    break;
            }
        }
        return ([.. laid], repair, profile.Misfit(laid), joins && lacks);
    }

    private double Fit(int column, ReadOnlyMemory<byte> text) => 2 * profile.Columns[column].Misfit(text.Span);

    // A delimiter that a space follows, as in "Smith, John", is likelier to be text; so is one in a column of text.
    private double JoinCost(IReadOnlyList<LooseField> fields, int i, int size)
    {
        var price = 0.0;
        for (var n = 1; n < size; n++)
            price += delimiter.Span.SequenceEqual(" "u8) ? 0.1 : fields[i + n].Text.Span is [(byte)' ', ..] ? Join / 2 : Join;
        return price;
    }

    private ReadOnlyMemory<byte> Joined(IReadOnlyList<LooseField> fields, int i, int size)
    {
        var text = new List<byte>();
        for (var n = 0; n < size; n++)
        {
            if (n > 0)
                text.AddRange(delimiter.Span);
            text.AddRange(fields[i + n].Text.Span);
        }
        return text.ToArray();
    }

    // Where a field falls into two values that fit their columns; null when nowhere, or when neither column would tell.
    private (int At, double Misfit)? Best(LooseField field, int column)
    {
        var text = field.Text.Span;
        var (left, right) = (profile.Columns[column], profile.Columns[column + 1]);
        if (text.Length > 4096 || (!left.IsDistinct && !right.IsDistinct && !text.Contains((byte)'"')))
            return null;
        (int At, double Misfit)? best = null;
        var several = false;
        for (var at = 1; at < text.Length; at++)
        {
            var joint = text[at] == '"' ? 1 : 0;
            if (joint == 0 && ((text.Length > MaxSplit && !text[at..].StartsWith("http"u8)) || (!left.IsDistinct && !right.IsDistinct)))
                continue;
            if (left.Misfit(text[..at]) + right.Misfit(text[(at + joint)..]) > 0)
                continue;
            // Two kinds of sign meet where two values do.
            var misfit = Kind(text[at - 1]) == Kind(text[at]) || IsInNumber(text, at) ? 0.3 : 0;
            if (best is { } b && b.Misfit <= misfit)
                several |= b.Misfit == misfit;
            else
                (best, several) = ((at, misfit), false);
        }
        return several ? null : best;
    }

    // Beside the point of a decimal, or the comma of one that is grouped.
    private static bool IsInNumber(ReadOnlySpan<byte> text, int at)
    {
        for (var point = at - 1; point <= at; point++)
        {
            if (text[point] is (byte)'.' or (byte)',' && point > 0 && point + 1 < text.Length && char.IsAsciiDigit((char)text[point - 1]) && char.IsAsciiDigit((char)text[point + 1]))
                return true;
        }
        return false;
    }

    private static int Kind(byte b) => (uint)(b - '0') <= 9 ? 0 : (uint)(b - 'a') <= 25 ? 1 : (uint)(b - 'A') <= 25 ? 2 : b >= 0x80 ? 3 : 4 + b;

    private static bool Same(List<LooseField> left, List<LooseField> right)
    {
        for (var i = 0; i < left.Count; i++)
        {
            if (!left[i].Text.Span.SequenceEqual(right[i].Text.Span))
                return false;
        }
        return true;
    }
}
