using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Checks that a model can take the tokenizer and the examples it is given.</summary>
/// <param name="host">Marks exceptions.</param>
/// <param name="model">The name of the model, for messages.</param>
/// <param name="config">The configuration of the model.</param>
/// <param name="note">The tokenizer of the token columns.</param>
internal sealed class ModelCheck(MlHost host, string model, PretrainedConfig config, TokenizerNote note)
{
    private readonly ModelLimits _limits = ModelLimits.Of(config);

    /// <summary>The maximum length of examples by the options of the trainer; null if they set none.</summary>
    public int? MaxLength { get; init; }

    /// <exception cref="ArgumentException">The tokenizer belongs to another model.</exception>
    public void CheckTokenizer()
    {
        if (note.VocabularySize > _limits.Vocabulary)
            throw Unfit(FormattableString.Invariant($"the tokenizer has {note.VocabularySize:N0} tokens, and the model's vocabulary {_limits.Vocabulary:N0}"));
        if (note.PadTokenId is { } id && config.States("pad_token_id") && config.GetIntOrNull("pad_token_id") is { } expected && id != expected)
            throw Unfit($"the tokenizer pads with the id {id}, and the model takes {expected} for padding");
    }

    /// <param name="example">An example.</param>
    /// <param name="row">The row that it comes from.</param>
    /// <exception cref="InvalidDataException">The model cannot take the example; the message names the row.</exception>
    public void CheckExample(Example example, TaskRow row)
    {
        if (example.TryGetValue("token_type_ids", out var types) && _limits.Types is { } count)
            CheckRange(types, TokenColumn.TokenTypeIds, "the token type id", count, row);
        if (!example.TryGetValue("input_ids", out var ids))
            return;
        if (!ids.IsRagged && ids.Shape.Count == 1)
            CheckText(ids, row);
        else
            for (var text = 0; text < ids.Count; text++)
                CheckText(ids[text], row);
        // Labels of tokens are as long as the text, which has been checked; those of a target have a length of their own.
        if (example.TryGetValue(Batch.Labels, out var labels) && labels is { IsInteger: true, IsScalar: false } && labels.Shape.Count == 1 && labels.Length > _limits.Positions)
            throw row.Refuse($"has {labels.Length} tokens in its target, and the model '{model}' has positions for {_limits.Positions}; set MaxTargetLength to {_limits.Positions} or less.");
    }

    private void CheckText(Feature ids, TaskRow row)
    {
        if (ids.Length == 0)
            throw row.Refuse($"has no tokens; the model '{model}' needs at least one.");
        if (ids.Length > _limits.Positions)
            throw row.Refuse($"has {ids.Length} tokens, and the model '{model}' has positions for {_limits.Positions}. {Shorter()}");
        CheckRange(ids, TokenColumn.InputIds, "the token id", _limits.Vocabulary, row);
    }

    // Texts may be too long because of a limit of the trainer or of TokenizeHf, or because neither cuts them.
    private string Shorter() => note.Settings switch
    {
        _ when MaxLength > _limits.Positions => $"MaxLength of the trainer is {MaxLength}; set it to {_limits.Positions} or less.",
        { MaxLength: var length, Truncation: TruncationStrategy.DoNotTruncate } when length <= _limits.Positions =>
            "TokenizeHf does not cut texts (Truncation is DoNotTruncate); shorten them, or take another Truncation.",
        { MaxLength: var length } => $"TokenizeHf was made with {(length is null ? "no maxLength" : $"maxLength {length}")}; give it maxLength: {_limits.Positions} or less.",
    };

    private void CheckRange(Feature values, string column, string what, int count, TaskRow row)
    {
        if (values.Integers.Span.IndexOfAnyExceptInRange(0, count - 1) is >= 0 and var at)
            throw row.Refuse(
                $"has {what} {values.Integers.Span[at]}; the ids of the model '{model}' are 0 to {count - 1}. The column " +
                $"'{note.Settings.Prefix}{column}' comes from the tokenizer '{note.Name}'.");
    }

    private ArgumentException Unfit(string reason) => host.Mark(new ArgumentException(
        $"The tokenizer '{note.Name}' does not fit the model '{model}': {reason}. Give TokenizeHf the model that the trainer has, or leave the trainer's " +
        "Model out to take the tokenizer's."));
}
