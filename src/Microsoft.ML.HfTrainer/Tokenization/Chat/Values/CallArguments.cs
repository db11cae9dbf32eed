namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>The arguments of a call: those by position, and those by name.</summary>
internal readonly record struct CallArguments(object?[] Positional, IReadOnlyList<KeyValuePair<string, object?>> Named)
{
    public static CallArguments None { get; } = new([], []);

    /// <summary>The same arguments behind another one.</summary>
    public CallArguments Behind(object? first) => this with { Positional = [first, .. Positional] };
}
