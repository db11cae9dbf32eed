using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>
    /// Parses a command line like the Hugging Face <c>HfArgumentParser</c>:
    /// <c>--learning_rate 2e-5 --bf16 --eval-strategy=epoch --no_remove_unused_columns</c>.
    /// </summary>
    /// <param name="words">
    /// The words of the command line. Options may be written <c>--max_steps</c> or <c>--max-steps</c>, and the last occurrence of an option wins. A Boolean option
    /// takes no value or one such as <c>true</c>, <c>no</c> or <c>1</c>; a list takes several words; an object is one word of JSON. A single word that ends in
    /// <c>.json</c> is the path of a file that <see cref="Load"/> reads.
    /// </param>
    /// <exception cref="InvalidArgumentsException">An option is unknown or not supported, or its value is invalid or missing; the exception lists all faults.</exception>
    public static TrainingArguments Parse(string[] words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words is [var file] && file.EndsWith(".json", StringComparison.Ordinal) ? Load(file) : new CommandLineReader(words).FinishAll();
    }

    /// <summary>Parses a command line that also has options of other programs or classes.</summary>
    /// <param name="words">The words of the command line, as in <see cref="Parse(string[])"/>.</param>
    /// <param name="remaining">The words that are not training arguments, in their order.</param>
    /// <exception cref="InvalidArgumentsException">An option is not supported, or its value is invalid or missing; the exception lists all faults.</exception>
    public static TrainingArguments Parse(string[] words, out IReadOnlyList<string> remaining)
    {
        ArgumentNullException.ThrowIfNull(words);
        var line = new CommandLineReader(words);
        remaining = [.. line.Unknown.SelectMany(part => part)];
        return line.Finish();
    }
}
