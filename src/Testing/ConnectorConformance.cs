using System.Text.RegularExpressions;
using Etl.Core.Connectors;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Xunit;

namespace Etl.Testing;

/// <summary>What every connector must do, whatever its kind. Each test has an instance of its own, and with it an empty place to work in.</summary>
public abstract partial class ConnectorConformance : IAsyncLifetime
{
    private const string Marked = "marked-secret-3141592653589793";
    private readonly List<object> owned = [];

    [GeneratedRegex("password|passphrase|secret|token|api_?key|access_?key|private_?key|connection_?string", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName { get; }

    /// <summary>The connector's options record.</summary>
    protected abstract Type OptionsType { get; }

    /// <summary>A folder for the test.</summary>
    protected TestFolder Folder { get; } = new();

    /// <summary>What the connector is given besides its options. Override it where it needs settings such as <c>google:</c>.</summary>
    protected virtual ConnectorContext Context => Folder.Context;

    /// <summary>Secrets that the connector signs in with here: no error may hold one.</summary>
    protected virtual IReadOnlyList<string> Secrets => [];

    /// <summary>Ends the test when the test run ends.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Called before each test: makes the empty place, and starts what serves it.</summary>
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Called after each test: disposes what <see cref="Own{T}"/> was given, and removes <see cref="Folder"/>.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(owned))
            if (part is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
            else (part as IDisposable)?.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void OptionsAreASealedRecordThatIsDescribedThroughout()
    {
        foreach (var type in OptionTypes(OptionsType))
        {
            Assert.True(type.IsSealed, $"{type.Name} must be sealed: options are compared and digested by what they hold");
            Assert.True(type.GetMethod("<Clone>$") is not null, $"{type.Name} must be a record");
            Assert.All(OptionModel.Of(type).Options, o => Assert.False(string.IsNullOrWhiteSpace(o.Description), $"{type.Name}.{o.Property.Name} needs [Description(\"…\")]: the reference page and editors show it"));
        }
    }

    [Fact]
    public void OptionsDoNotPrintTheirSecrets()
    {
        foreach (var type in OptionTypes(OptionsType))
        {
            var options = Activator.CreateInstance(type)!;
            foreach (var option in OptionModel.Of(type).Options.Where(o => o.Property.PropertyType == typeof(string) && SecretName.IsMatch(o.Name))) option.Property.SetValue(options, Marked);
            Assert.False(options.ToString()!.Contains(Marked, StringComparison.Ordinal), $"{type.Name} prints a secret: give the option the type {nameof(Core.Contracts.Secret)}");
        }
    }

    /// <summary>Has <paramref name="part"/> disposed after the test, if it can be.</summary>
    protected T Own<T>(T part) where T : notnull
    {
        owned.Add(part);
        return part;
    }

    /// <summary>Bytes that differ by seed and position.</summary>
    protected static byte[] Content(int length, int seed = 0) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 31) + (i / 251) + seed))];

    /// <summary>The failure of <paramref name="action"/>, which must be one that a person can act on and hold no secret.</summary>
    protected async Task<T> FailsAsync<T>(Func<Task> action) where T : EtlException
    {
        var error = await Assert.ThrowsAnyAsync<T>(action);
        AssertNoSecret(error);
        return error;
    }

    /// <summary>Cancels <paramref name="action"/> before it starts; it must stop by that, and at once.</summary>
    protected static async Task StopsWhenCancelledAsync(Func<CancellationToken, Task> action)
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => action(cancelled.Token), Cancel).WaitAsync(TimeSpan.FromMinutes(1), Cancel));
    }

    /// <summary>Does it again, as the engine does, while it fails in a way that may pass.</summary>
    protected async Task<T> RetriedAsync<T>(Func<Task<T>> action)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await action();
            }
            catch (ServiceException e) when (e.Transient && attempt < 5)
            {
                AssertNoSecret(e);
            }
    }

    private void AssertNoSecret(Exception error)
    {
        foreach (var secret in Secrets) Assert.DoesNotContain(secret, error.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<Type> OptionTypes(Type type) =>
        OptionModel.Of(type).Options
            .Select(o => Nullable.GetUnderlyingType(o.Property.PropertyType) ?? o.Property.PropertyType)
            .Where(t => t.IsClass && t.Assembly == type.Assembly && t.GetConstructor(Type.EmptyTypes) is not null)
            .SelectMany(OptionTypes).Append(type).Distinct();
}
