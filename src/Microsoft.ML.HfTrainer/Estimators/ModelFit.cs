using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Whether tokens and a model fit: once for the tokenizer, then row by row.</summary>
/// <param name="host">Throws.</param>
/// <param name="model">The model's name, for messages.</param>
/// <param name="config">Its configuration.</param>
/// <param name="note">What the token columns say of their tokenizer.</param>
internal sealed class ModelFit(MlHost host, string model, PretrainedConfig config, TokenizerNote note)
{
    private readonly ModelLimits _limits = ModelLimits.Of(config);

    /// <exception cref="ArgumentException">The tokenizer was made for another model.</exception>
    public void CheckTokenizer()
    {
        if (note.VocabularySize > _limits.Vocabulary)
            throw Unfit($"the tokenizer has {note.VocabularySize:N0} tokens, and the model's vocabulary {_limits.Vocabulary:N0}");
        if (note.PadTokenId is { } id && config.GetIntOrNull("pad_token_id") is { } expected && id != expected)
            throw Unfit($"the tokenizer pads with the id {id}, and the model takes {expected} for padding");
    }

    /// <param name="tokens">The row.</param>
    /// <param name="number">Its number from 1.</param>
    /// <param name="name">Makes its name of its number.</param>
    /// <exception cref="InvalidDataException">The model cannot take the row; the message names it.</exception>
    public void CheckRow(TokenSequence tokens, long number, Func<long, string> name)
    {
        if (tokens.Length == 0)
            throw host.Mark(new InvalidDataException($"{name(number)} has no tokens; the model '{model}' needs at least one."));
        if (tokens.Length > _limits.Positions)
            throw host.Mark(new InvalidDataException(
                $"{name(number)} has {tokens.Length} tokens, and the model '{model}' has positions for {_limits.Positions}. TokenizeHf was made with " +
                $"{(note.Settings.MaxLength is { } length ? $"maxLength {length}" : "no maxLength")}; give it maxLength: {_limits.Positions} or less."));
        foreach (var id in tokens.Ids.Span)
            if (id < 0 || id >= _limits.Vocabulary)
                throw host.Mark(new InvalidDataException(
                    $"{name(number)} has the token id {id}; the ids of the model '{model}' are 0 to {_limits.Vocabulary - 1}. The column " +
                    $"'{TokenColumn.InputIds}' comes from the tokenizer '{note.Name}'."));
    }

    private ArgumentException Unfit(string reason) => host.Mark(new ArgumentException(
        $"The tokenizer '{note.Name}' does not fit the model '{model}': {reason}. Give TokenizeHf the model that the trainer has, or leave the trainer's " +
        "Model out to take the tokenizer's."));
}
