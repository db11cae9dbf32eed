namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>The methods of numbers.</summary>
internal static class NumberMethods
{
    public static FunctionTable OfReals { get; } = new FunctionTable("method")
        .Add("is_integer", "self", (_, a) => a[0] is double value && double.IsFinite(value) && Math.Floor(value) == value);
}
