using System.Security.Cryptography;
using System.Text;
using Apache.Arrow;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Core.Transforms;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Transforms;

public sealed class MaskTransformTests
{
    private const string Salt = "0123456789abcdef";
    private static readonly TableSchema Schema = new([new("id", ColumnType.Int64, Nullable: false), new("email", ColumnType.String), new("name", ColumnType.String)]);

    [Fact]
    public void AHashIsThatOfTheTextUnderTheSalt()
    {
        var masked = Texts(Mask(MaskMethod.Sha256, Salt), 1);
        Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Salt), "ann@example.com"u8)), masked[0]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("ann@example.com"u8)), Texts(Mask(MaskMethod.Sha256), 1)[0]);
        Assert.Equal(masked[0], masked[3]);
    }

    [Fact]
    public void AMissingValueStaysMissingAndAnEmptyOneDoesNot()
    {
        var masked = Texts(Mask(MaskMethod.Sha256, Salt), 1);
        Assert.Null(masked[1]);
        Assert.Equal(64, masked[2]!.Length);
    }

    [Fact]
    public void TruncatedTextKeepsWholeCharacters() =>
        Assert.Equal(["日😀", null, "", "a"], Texts(new MaskTransform(new MaskOptions { Columns = ["name"], With = MaskMethod.Truncate, Keep = 2 }), 2));

    [Fact]
    public void ARedactedColumnIsMissingWhateverItsType()
    {
        var bound = new MaskTransform(new MaskOptions { Columns = ["ID", "email"], With = MaskMethod.Redact }).Bind(Schema);
        using var batch = bound.Apply(Batch());
        Assert.True(bound.Output.Columns[0].Nullable);
        Assert.Equal([4, 4, 1], Enumerable.Range(0, 3).Select(i => batch.Column(i).NullCount));
        Assert.All(Enumerable.Range(0, 4), row => Assert.True(batch.Column(0).IsNull(row) && batch.Column(1).IsNull(row)));
    }

    [Theory]
    [InlineData(ColumnType.BigNumeric)]
    [InlineData(ColumnType.Bool)]
    [InlineData(ColumnType.Timestamp)]
    [InlineData(ColumnType.String)]
    public void MissingColumnsAreThereForEveryType(ColumnType type)
    {
        using var column = Missing.Column(type, 1000);
        Assert.Equal((1000, 1000), (column.Length, column.NullCount));
        Assert.True(column.IsNull(999));
    }

    [Fact]
    public void ANumberIsNotHashed() =>
        Assert.Contains("Declare it STRING", Assert.Throws<DataException>(() => new MaskTransform(new MaskOptions { Columns = ["id"], With = MaskMethod.Sha256 }).Bind(Schema)).Message, StringComparison.Ordinal);

    [Fact]
    public void AnUnknownColumnIsRefusedWithTheNearestName() =>
        Assert.Contains("Did you mean email?", Assert.Throws<DataException>(() => new MaskTransform(new MaskOptions { Columns = ["emial"], With = MaskMethod.Redact }).Bind(Schema)).Message, StringComparison.Ordinal);

    private static MaskTransform Mask(MaskMethod method, string? salt = null) => new(new MaskOptions { Columns = ["email"], With = method, Salt = salt });

    private static List<string?> Texts(MaskTransform transform, int column)
    {
        using var batch = transform.Bind(Schema).Apply(Batch());
        var texts = (StringArray)batch.Column(column);
        return [.. Enumerable.Range(0, batch.Length).Select(row => texts.GetString(row))];
    }

    private static RecordBatch Batch() =>
        new(Schema.ToArrow(), [
            new Int64Array.Builder().AppendRange([1, 2, 3, 4]).Build(),
            new StringArray.Builder().Append("ann@example.com").AppendNull().Append("").Append("ann@example.com").Build(),
            new StringArray.Builder().Append("日😀x").AppendNull().Append("").Append("a").Build()], 4);
}
