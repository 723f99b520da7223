using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Etl.Core.Pipelines;

/// <summary>Looks at a YAML text event by event before a tree is made of it: a few bytes can ask for a tree that is too deep for the stack, or whose keys are trees that never end.</summary>
internal static class YamlGuard
{
    private const int Deepest = 64;
    private const int MostAliases = 1_000;

    /// <summary>What is wrong and where, or null.</summary>
    /// <exception cref="YamlException">It is not YAML.</exception>
    public static (Mark Where, string What)? Find(string text)
    {
        var parser = new Parser(new StringReader(text));
        // Whether the collection is a mapping whose next node is a key.
        var open = new Stack<(bool Mapping, bool Key)>();
        var aliases = 0;

        bool TakesKey()
        {
            if (open.Count == 0 || open.Peek() is not { Mapping: true } top) return false;
            open.Pop();
            open.Push((true, !top.Key));
            return top.Key;
        }

        while (parser.MoveNext())
        {
            var node = parser.Current!;
            var plain = node is Scalar;
            if (node is MappingEnd or SequenceEnd) open.Pop();
            if (node is not NodeEvent and not AnchorAlias) continue;
            if (TakesKey() && !plain) return (node.Start, "a key must be plain text");
            if (node is AnchorAlias && ++aliases > MostAliases) return (node.Start, $"the file has more than {MostAliases:N0} aliases; write out what they repeat");
            if (node is MappingStart or SequenceStart)
            {
                open.Push((node is MappingStart, true));
                if (open.Count > Deepest) return (node.Start, $"this is nested more than {Deepest} levels deep, and no pipeline is");
            }
        }

        return null;
    }
}
