using Apache.Arrow;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Testing;
using Xunit;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Core.Tests.Engine;

public sealed class PartitionFoldersTests
{
    private static readonly TableSchema Schema = new([
        new("id", ColumnType.Int64), new("place", ColumnType.String), new("day", ColumnType.Date), new("paid", ColumnType.Bool), new("at", ColumnType.Timestamp)]);

    [Theory]
    [InlineData("id", "id=7|id=__HIVE_DEFAULT_PARTITION__|id=-1|id=7")]
    [InlineData("place", "place=a%2Fb %25%3D%27%7B|place=__HIVE_DEFAULT_PARTITION__|place=__HIVE_DEFAULT_PARTITION__|place=東京")]
    [InlineData("day", "day=2026-11-01|day=__HIVE_DEFAULT_PARTITION__|day=0001-01-01|day=1969-12-31")]
    [InlineData("paid", "paid=true|paid=__HIVE_DEFAULT_PARTITION__|paid=false|paid=true")]
    [InlineData("PAID, id", "paid=true/id=7|paid=__HIVE_DEFAULT_PARTITION__/id=__HIVE_DEFAULT_PARTITION__|paid=false/id=-1|paid=true/id=7")]
    public void ARowBelongsToTheFolderThatHiveNames(string by, string expected)
    {
        var batch = Batches.Of(
            Schema, Batches.Int64(7, null, -1, 7), Batches.Text("a/b %='{", null, "", "東京"), Batches.Fixed<int>(ColumnType.Date, 20758, null, -719162, -1), Batches.Bool(true, null, false, true), Batches.Fixed<long>(ColumnType.Timestamp, 1, 2, 3, 4));
        var folders = new PartitionFolders(Schema, by.Split(", "));
        PartitionFolders.Check(Schema, by.Split(", "));

        var rows = folders.Of(batch).SelectMany(f => f.Value.Select(row => (row, f.Key))).OrderBy(r => r.row).Select(r => r.Key);

        Assert.Equal(expected.Split('|'), rows);
        Assert.Equal(Schema.Columns.Select(c => c.Name).Except(by.Split(", "), StringComparer.OrdinalIgnoreCase), folders.Kept.Select(i => Schema.Columns[i].Name));
    }

    [Fact]
    public void ControlCharactersAreEscaped() =>
        Assert.Equal("place=a%00%0A%7F", Assert.Single(new PartitionFolders(Schema, ["place"]).Of(Row("a\0\n\u007F"))).Key);

    [Theory]
    [InlineData("dya", "there is none of that name (perhaps day)")]
    [InlineData("at", "at, which is TIMESTAMP: folders are made of STRING, INT64, BOOL and DATE. Derive")]
    [InlineData("id,place,day,paid,at", "at, which is TIMESTAMP")]
    public void AColumnThatMakesNoFolderIsRefused(string by, string expected) =>
        Assert.Contains(expected, Assert.Throws<DataException>(() => PartitionFolders.Check(Schema, by.Split(','))).Message, StringComparison.Ordinal);

    [Fact]
    public void SomethingMustBeLeftForTheFiles() =>
        Assert.Contains("none would be left", Assert.Throws<DataException>(() => PartitionFolders.Check(new TableSchema([new Column("a", ColumnType.String)]), ["a"])).Message, StringComparison.Ordinal);

    [Fact]
    public void ATextThatMakesNoFolderIsRefusedWithoutBeingShown()
    {
        var folders = new PartitionFolders(Schema, ["place"]);

        Assert.Contains("by which readers of folders know a missing value", Refused(PartitionFolders.Missing), StringComparison.Ordinal);
        Assert.Equal("A row has a text in place that is too long for a folder's name (255 bytes). Partition by another column, or derive a shorter one.", Refused(new string('é', 125)));
        Assert.Equal(255, Assert.Single(folders.Of(Row(new string('a', 249)))).Key.Length);

        string Refused(string text) => Assert.Throws<DataException>(() => folders.Of(Row(text)).Count()).Message;
    }

    private static RecordBatch Row(string place) =>
        Batches.Of(Schema, Batches.Int64(1), Batches.Text(place), Batches.Fixed<int>(ColumnType.Date, 0), Batches.Bool(true), Batches.Fixed<long>(ColumnType.Timestamp, 0));
}
