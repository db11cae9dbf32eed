using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>Reads a command line as the original's parser does: <c>--learning_rate 2e-5 --bf16 --eval-strategy=epoch --no_remove_unused_columns</c>.</summary>
    /// <param name="words">
    /// Its words. Both spellings of a name are known, <c>--max_steps</c> and <c>--max-steps</c>; of an option given twice the last one counts; a switch may stand
    /// alone or before a word such as <c>true</c>, <c>no</c> or <c>1</c>; lists take several words; objects are JSON in one word. One word alone that ends in
    /// <c>.json</c> is a file for <see cref="Load"/>.
    /// </param>
    /// <exception cref="InvalidArgumentsException">An option is unknown or not supported, or its value is wrong or missing; all are listed.</exception>
    public static TrainingArguments Parse(string[] words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words is [var file] && file.EndsWith(".json", StringComparison.Ordinal) ? Load(file) : new CommandLineReader(words).FinishAll();
    }

    /// <summary>Reads a command line that has other options too.</summary>
    /// <param name="words">Its words, as in <see cref="Parse(string[])"/>.</param>
    /// <param name="remaining">The words that are no arguments of training, in their order.</param>
    /// <exception cref="InvalidArgumentsException">An option is not supported, or its value is wrong or missing; all are listed.</exception>
    public static TrainingArguments Parse(string[] words, out IReadOnlyList<string> remaining)
    {
        ArgumentNullException.ThrowIfNull(words);
        var line = new CommandLineReader(words);
        remaining = [.. line.Unknown.SelectMany(part => part)];
        return line.Finish();
    }
}
