namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>The positional and keyword arguments of a call.</summary>
internal readonly record struct CallArguments(object?[] Positional, IReadOnlyList<KeyValuePair<string, object?>> Named)
{
    public static CallArguments None { get; } = new([], []);

    /// <summary>Returns the arguments with another one inserted before them.</summary>
    public CallArguments WithFirst(object? first) => this with { Positional = [first, .. Positional] };
}
