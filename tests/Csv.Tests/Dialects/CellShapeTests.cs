using System.Text;
using Etl.Csv.Dialects;

namespace Etl.Csv.Tests.Dialects;

public sealed class CellShapeTests
{
    [Theory]
    [InlineData("", nameof(CellShape.Empty))]
    [InlineData("N/A", nameof(CellShape.Missing))]
    [InlineData("42", nameof(CellShape.Integer))]
    [InlineData("-1,234.50", nameof(CellShape.Number))]
    [InlineData("1.234,50 €", nameof(CellShape.Number))]
    [InlineData("$74.69", nameof(CellShape.Number))]
    [InlineData("1 234 567", nameof(CellShape.Number))]
    [InlineData("1.5e-07", nameof(CellShape.Number))]
    [InlineData("(12.00)", nameof(CellShape.Number))]
    [InlineData("12 %", nameof(CellShape.Number))]
    [InlineData("1,23,4", nameof(CellShape.Text))]
    [InlineData("28/01/2018", nameof(CellShape.Date))]
    [InlineData("2024-1-5", nameof(CellShape.Date))]
    [InlineData("31.12.2024", nameof(CellShape.Date))]
    [InlineData("5 Jan 2024", nameof(CellShape.Date))]
    [InlineData("2024年12月20日", nameof(CellShape.Date))]
    [InlineData("令和6年12月20日", nameof(CellShape.Date))]
    [InlineData("09:30", nameof(CellShape.Time))]
    [InlineData("9:30 PM", nameof(CellShape.Time))]
    [InlineData("2024-01-31T09:30:00Z", nameof(CellShape.DateTime))]
    [InlineData("31/01/2024 09:30", nameof(CellShape.DateTime))]
    [InlineData("https://a.example/b", nameof(CellShape.Address))]
    [InlineData("ann@a.example", nameof(CellShape.Address))]
    [InlineData("true", nameof(CellShape.Bool))]
    [InlineData("MG-8769", nameof(CellShape.Text))]
    [InlineData("two words", nameof(CellShape.Text))]
    public void AShapeIsToldFromTheBytes(string cell, string shape) => Assert.Equal(shape, CellShapes.Of(Encoding.UTF8.GetBytes(cell)).ToString());
}
