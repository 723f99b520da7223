namespace Etl.LambdaEmulator;

/// <summary>What the function is.</summary>
/// <param name="Program">Its program: the image's entry point, or <c>bootstrap</c>.</param>
/// <param name="Arguments">What it is given; a <c>bootstrap</c> is given nothing.</param>
/// <param name="Folder">Its working folder.</param>
/// <param name="Timeout">How long one invocation may take.</param>
public sealed record FunctionSetup(string Program, IReadOnlyList<string> Arguments, string Folder, TimeSpan Timeout)
{
    /// <summary>Its environment, besides what Lambda sets.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>How long the process may take to ask for its first event. Lambda gives 10 seconds, and then begins again within the invocation; here it is the end.</summary>
    public TimeSpan InitTimeout { get; init; } = TimeSpan.FromMinutes(2);
}
