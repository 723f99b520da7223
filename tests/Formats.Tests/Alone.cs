using Xunit;

namespace Etl.Formats.Tests;

/// <summary>Tests that measure what the whole process holds: they run one after the other, when the others are done.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
