using System.Text.RegularExpressions;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Etl.Core.Pipelines;

/// <summary>Reads a pipeline file into its definition, or says everything that is wrong with it. Touches nothing but the file, and the plugins that it names.</summary>
/// <param name="registry">The connectors there are without the file's own plugins.</param>
/// <param name="environment">What stands for <c>${NAME}</c>.</param>
public sealed partial class PipelineFile(ConnectorRegistry registry, Func<string, string?> environment)
{
    private const string Kind = "a pipeline";
    private const string Keys = "name, source, transforms and sinks";
    private const int MaxFileBytes = 1 << 20;
    private static readonly string[] OwnKeys = ["name", "description", "source", "transforms", "sinks", "metadata", "incremental", "assert", "state", "plugins"];

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,62}$")]
    private static partial Regex NamePattern { get; }

    /// <summary>Reads and checks <paramref name="path"/>.</summary>
    /// <exception cref="PipelineFileException">The file is missing or wrong; carries every error.</exception>
    public PipelineDefinition Read(string path) => Parse(path, Text(path));

    /// <summary>The text of a pipeline file, or of a file beside one.</summary>
    internal static string Text(string path)
    {
        try
        {
            if (LinkedFile.Find(path) is { Length: > MaxFileBytes })
                throw Wrong(path, 1, 1, "a pipeline file of over 1 MiB is not read; is this the right file?");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(path, 1, 1, e is FileNotFoundException or DirectoryNotFoundException
                ? "there is no such file; check the path" : "the file cannot be read: " + e.Message);
        }
    }

    /// <summary>The connectors that <paramref name="path"/> can name: those known, and those of its plugins.</summary>
    /// <exception cref="PipelineFileException">The file cannot be read, or a plugin cannot be loaded.</exception>
    public ConnectorRegistry Connectors(string path)
    {
        var binder = new OptionsBinder(path, environment);
        var connectors = FilePlugins.Add(registry, path, Root(path, Text(path), Kind, Keys), binder);
        return binder.Errors.Count == 0 ? connectors : throw new PipelineFileException(binder.Errors);
    }

    /// <summary>Checks a pipeline given as text; <paramref name="path"/> is for messages, and its folder is where plugins are looked for.</summary>
    /// <exception cref="PipelineFileException">It is wrong; carries every error.</exception>
    public PipelineDefinition Parse(string path, string text)
    {
        var root = Root(path, text, Kind, Keys);
        var binder = new OptionsBinder(path, environment);
        // Before anything is bound: plugins have the options of what follows. Without them, that is not looked at.
        var all = FilePlugins.Add(registry, path, root, binder);
        var definition = binder.Errors.Count == 0 ? new PipelineFile(all, environment).Bind(path, root, binder) : null;
        return binder.Errors.Count == 0 && definition is not null ? definition : throw new PipelineFileException(binder.Errors);
    }

    /// <summary>The mapping that a file is.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="text">What is in it.</param>
    /// <param name="what">What it should be.</param>
    /// <param name="keys">The keys it needs.</param>
    internal static YamlMappingNode Root(string path, string text, string what, string keys)
    {
        var stream = new YamlStream();
        try
        {
            if (YamlGuard.Find(text) is var (where, problem)) throw Wrong(path, (int)where.Line, (int)where.Column, problem);
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw Wrong(path, (int)e.Start.Line, (int)e.Start.Column, "this is not YAML: " + e.Message);
        }

        return stream.Documents switch
        {
            [{ RootNode: YamlMappingNode mapping }] => mapping,
            [] => throw Wrong(path, 1, 1, $"the file is empty; {what} needs {keys}"),
            [_] => throw Wrong(path, 1, 1, $"{what} is a mapping with the keys {keys}"),
            _ => throw Wrong(path, 1, 1, $"a file holds one {what[2..]}; this one holds several YAML documents"),
        };
    }

    private PipelineDefinition? Bind(string path, YamlMappingNode root, OptionsBinder binder)
    {
        var settings = new Dictionary<Type, object>();
        var parts = new Dictionary<string, YamlNode>();
        foreach (var (key, value) in binder.Entries(root, "the pipeline"))
        {
            if (OwnKeys.Contains(key.Value)) parts[key.Value!] = value;
            else if (Find(key.Value, ConnectorKind.Settings) is { } shared) settings[shared.OptionsType] = binder.Bind(value, shared.OptionsType, shared.Name);
            else binder.Error(key, $"unknown key \"{key.Value}\"; {NearestName.Suggest(key.Value ?? "", OwnKeys.Concat(Names(ConnectorKind.Settings)))}");
        }

        foreach (var key in new[] { "name", "source", "transforms", "sinks" }.Where(k => !parts.ContainsKey(k)))
            binder.Error(root, $"the pipeline needs \"{key}\"");

        var name = parts.TryGetValue("name", out var nameNode) ? binder.Text(nameNode, "name") : null;
        if (name is not null && !NamePattern.IsMatch(name))
            binder.Error(nameNode!, "name must start with a letter and hold only letters, digits, - and _, 63 at most: it becomes part of object names and job ids");

        var source = parts.TryGetValue("source", out var sourceNode) ? Block(sourceNode, "source", binder, ConnectorKind.Source) : null;
        var state = parts.TryGetValue("state", out var stateNode) ? Block(stateNode, "state", binder, ConnectorKind.StateStore) : null;
        var transforms = parts.TryGetValue("transforms", out var transformsNode) ? Blocks(transformsNode, "transforms", binder, ConnectorKind.Parser, ConnectorKind.Transform) : [];
        var sinks = parts.TryGetValue("sinks", out var sinksNode) ? Blocks(sinksNode, "sinks", binder, ConnectorKind.StagingSink, ConnectorKind.LoadSink) : [];

        var metadata = parts.TryGetValue("metadata", out var metadataNode) ? Metadata(metadataNode, binder) : null;
        var incremental = parts.TryGetValue("incremental", out var incrementalNode) ? Incremental(incrementalNode, binder) : new IncrementalOptions();
        if (IncrementalRules.Problem(incremental, [.. sinks.Select(s => s.Block?.Options).OfType<IWriting>().Select(w => w.Write)], metadata) is { } problem)
            binder.Error(incrementalNode ?? sinksNode ?? root, problem);
        if (source?.Connector.Acknowledged == true && (incremental.Mode ?? IncrementalRules.DefaultMode(sinks.Select(s => s.Block?.Options).OfType<IWriting>().Select(w => w.Write))) != IncrementalMode.Objects)
            binder.Error(incrementalNode ?? sinksNode ?? root, $"{source.Connector.Name} lists what is new and may list it twice, so only the ledger tells what was loaded: say incremental: objects, with write: append, merge or replace_partitions");

        var assert = parts.TryGetValue("assert", out var assertNode) ? (AssertOptions)binder.Bind(assertNode, typeof(AssertOptions), "assert") : null;
        if (assertNode is not null && sinks.All(s => s.Block is { Connector: not { Kind: ConnectorKind.LoadSink, Asserts: true } }))
            binder.Error(assertNode, $"assert needs a load sink that can query the staged rows before they are loaded: {string.Join(" or ", registry.Connectors.Where(c => c.Asserts).Select(c => c.Name))}");
        if (transformsNode is not null) CheckTransforms(transforms, transformsNode, binder);
        if (sinksNode is not null) CheckSinks(sinks, sinksNode, binder);
        if (binder.Errors.Count > 0) return null;
        return new PipelineDefinition
        {
            File = path,
            Name = name!,
            Settings = settings,
            Source = source!,
            Parser = transforms[0].Block!,
            Transforms = [.. transforms.Skip(1).Select(t => t.Block!)],
            Staging = sinks.Single(s => s.Block!.Connector.Kind == ConnectorKind.StagingSink).Block!,
            Loads = [.. sinks.Where(s => s.Block!.Connector.Kind == ConnectorKind.LoadSink).Select(s => s.Block!)],
            Metadata = metadata,
            Incremental = incremental,
            Assert = assert,
            State = state,
        };
    }

    // The bare mode stands for a mapping with nothing else in it.
    private static IncrementalOptions Incremental(YamlNode node, OptionsBinder binder) => (IncrementalOptions)binder.Bind(
        node is YamlScalarNode { Value.Length: > 0 } ? new YamlMappingNode(new YamlScalarNode("mode"), node) : node, typeof(IncrementalOptions), "incremental");

    // In a list, each column has its usual name.
    private static MetadataOptions Metadata(YamlNode node, OptionsBinder binder)
    {
        if (node is not YamlSequenceNode list) return (MetadataOptions)binder.Bind(node, typeof(MetadataOptions), "metadata");
        var named = new YamlMappingNode();
        foreach (var item in list.Children)
        {
            var option = OptionModel.Of(typeof(MetadataOptions)).Options.FirstOrDefault(o => item is YamlScalarNode scalar && o.Name == scalar.Value);
            if (item is not YamlScalarNode key) binder.Error(item, "metadata is a list of names, or a mapping of them to the columns' names");
            else if (option is null) binder.Error(key, $"metadata has no \"{key.Value}\"; {NearestName.Suggest(key.Value ?? "", OptionModel.Of(typeof(MetadataOptions)).Options.Select(o => o.Name))}");
            else if (!named.Children.ContainsKey(key)) named.Add(key, new YamlScalarNode((string)option.Property.GetValue(MetadataOptions.Usual)!));
        }

        return (MetadataOptions)binder.Bind(named, typeof(MetadataOptions), "metadata");
    }

    private static void CheckTransforms(IReadOnlyList<(YamlNode Node, ConnectorBlock? Block)> transforms, YamlNode list, OptionsBinder binder)
    {
        if (transforms.Count == 0)
            binder.Error(list, "transforms needs at least a parser first, such as - csv: {}");
        else if (transforms[0].Block is { Connector.Kind: not ConnectorKind.Parser })
            binder.Error(transforms[0].Node, "the first transform must be a parser, such as csv: it turns bytes into rows");
        foreach (var (node, block) in transforms.Skip(1))
            if (block?.Connector.Kind == ConnectorKind.Parser)
                binder.Error(node, $"{block.Connector.Name} is a parser and can only stand first");
    }

    private static void CheckSinks(IReadOnlyList<(YamlNode Node, ConnectorBlock? Block)> sinks, YamlNode list, OptionsBinder binder)
    {
        var staging = sinks.Where(s => s.Block?.Connector.Kind == ConnectorKind.StagingSink).ToList();
        foreach (var extra in staging.Skip(1))
            binder.Error(extra.Node, "a pipeline stages in one place: remove this sink or the other staging sink");
        if (staging.Count == 0 && sinks.All(s => s.Block is not null))
            binder.Error(list, "sinks needs a staging sink (gcs, s3 or file): where files are written before they are loaded");
        if (staging is [{ Block.Options: IPartitioning partitioning } only, ..] && PartitionRules.Problem(partitioning, sinks.FirstOrDefault(s => s.Block?.Connector.Kind == ConnectorKind.LoadSink).Block?.Connector.Name) is { } problem)
            binder.Error(only.Node, problem);
        foreach (var (node, block) in sinks)
            if (block?.Connector is { Kind: ConnectorKind.LoadSink, Scheme: not null } load && staging is [{ Block: { } stage }, ..] && stage.Connector.Scheme != load.Scheme)
                binder.Error(node, $"{load.Name} loads {load.Scheme}:// files, but the staging sink {stage.Connector.Name} writes {stage.Connector.Scheme}://");
    }

    private List<(YamlNode Node, ConnectorBlock? Block)> Blocks(YamlNode node, string what, OptionsBinder binder, params ConnectorKind[] kinds)
    {
        if (node is YamlSequenceNode sequence)
            return [.. sequence.Children.Select((child, i) => (child, Block(child, $"{what}[{i}]", binder, kinds)))];
        binder.Error(node, $"{what} must be a list: start each entry with a dash");
        return [];
    }

    /// <summary>A mapping with one key, the connector's name, over its options; or the bare name.</summary>
    private ConnectorBlock? Block(YamlNode node, string what, OptionsBinder binder, params ConnectorKind[] kinds)
    {
        YamlScalarNode key;
        YamlNode options;
        if (node is YamlScalarNode bare) (key, options) = (bare, new YamlMappingNode());
        else if (binder.Entries(node, what) is [var only]) (key, options) = only;
        else
        {
            binder.Error(node, $"{what} must name one connector: {string.Join(", ", Names(kinds))}");
            return null;
        }

        if (Find(key.Value, kinds) is { } connector) return new ConnectorBlock(connector, binder.Bind(options, connector.OptionsType, connector.Name));
        binder.Error(key, $"there is no {what.Split('[')[0].TrimEnd('s')} called \"{key.Value}\"; {NearestName.Suggest(key.Value ?? "", Names(kinds))}");
        return null;
    }

    private ConnectorDescriptor? Find(string? name, params ConnectorKind[] kinds) =>
        registry.Connectors.FirstOrDefault(c => c.Name == name && kinds.Contains(c.Kind));

    private IEnumerable<string> Names(params ConnectorKind[] kinds) => registry.Connectors.Where(c => kinds.Contains(c.Kind)).Select(c => c.Name);

    private static PipelineFileException Wrong(string file, int line, int column, string message) => new([new PipelineFileError(file, line, column, message)]);
}
