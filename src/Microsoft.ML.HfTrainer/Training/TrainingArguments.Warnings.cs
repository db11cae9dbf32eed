using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    private List<string> _warnings = [];

    /// <summary>
    /// Warnings about the arguments: deprecated names that were read, arguments without effect, a deprecated optimizer, an evaluation interval longer than training.
    /// <see cref="Trainer"/> logs them.
    /// </summary>
    public IReadOnlyList<string> Warnings => [.. _warnings, .. NoEffectWarnings(), .. OptimizerWarnings(), .. EvaluationWarnings()];

    internal void AddWarnings(IEnumerable<string> warnings) => _warnings.AddRange(warnings);

    private IEnumerable<string> NoEffectWarnings() =>
        from field in ArgumentField.All
        where field.NoEffect is not null && field.Show(field.Get(this)) != field.Show(field.Default)
        select $"TrainingArguments.{field.CSharpName} is {field.Show(field.Get(this))}, which has no effect: {field.NoEffect}.";

    private IEnumerable<string> OptimizerWarnings()
    {
        if (Optim == "adamw_hf")
            yield return "TrainingArguments.Optim is 'adamw_hf', the AdamW of Hugging Face Transformers 4, which later versions no longer have; they use 'adamw_torch_fused'.";
    }

    private IEnumerable<string> EvaluationWarnings()
    {
        if (EvalStrategy == IntervalStrategy.Steps && MaxSteps > 0 && EvalSteps > MaxSteps)
            yield return FormattableString.Invariant($"TrainingArguments.EvalSteps is {EvalSteps}, but training ends after {MaxSteps} updates (MaxSteps): the only evaluation is the one at the end.");
    }
}
