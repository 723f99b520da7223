using Etl.Runner.Testing;
using Xunit;

namespace Etl.Runner.Tests.Testing;

public sealed class RowDiffTests
{
    [Fact]
    public void EqualRowsHaveNoDifference() => Assert.Empty(RowDiff.Of(["a", "b"], ["a", "b"]));

    [Fact]
    public void WhatIsMissingAndWhatIsTooMuchStandWithTheRowsAround() =>
        Assert.Equal(["  …", "  3", "  4", "- 5", "+ five", "  6", "  7", "  …"], RowDiff.Of(["1", "2", "3", "4", "5", "6", "7", "8"], ["1", "2", "3", "4", "five", "6", "7", "8"]));

    [Fact]
    public void ARowThatMovedIsShownOnceOfEach() => Assert.Equal(["- a", "  b", "  c", "+ a"], RowDiff.Of(["a", "b", "c"], ["b", "c", "a"]));

    [Fact]
    public void VeryManyRowsAreComparedFromBothEnds()
    {
        var many = Enumerable.Range(0, 5000).Select(i => $"{i}").ToList();
        Assert.Equal(["  …", "  2498", "  2499", "- 2500", "  2501", "  2502", "  …"], RowDiff.Of(many, [.. many.Where(m => m != "2500")]));
    }
}
