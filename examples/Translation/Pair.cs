using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer;

/// <summary>A row of the data.</summary>
internal sealed class Pair
{
    [LoadColumn(0)]
    public string English { get; set; } = "";

    [LoadColumn(1)]
    public string German { get; set; } = "";
}

/// <summary>The translation of a sentence.</summary>
internal sealed class Translation
{
    public string GeneratedText { get; set; } = "";
}

/// <summary>Prints the metrics of each evaluation.</summary>
internal sealed class Printer : ITrainerCallback
{
    public void OnEvaluate(CallbackContext context, IReadOnlyDictionary<string, double> metrics) =>
        Console.WriteLine(FormattableString.Invariant($"epoch {context.State.Epoch:F0}: loss {metrics["eval_loss"]:F3}, BLEU {metrics["eval_bleu"]:F1}, chrF {metrics["eval_chrf"]:F1}"));
}
