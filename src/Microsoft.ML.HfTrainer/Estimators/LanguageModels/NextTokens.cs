using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Data.Storage;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;

namespace Microsoft.ML.HfTrainer.Estimators.LanguageModels;

/// <summary>The tokens that a causal language model learns to predict: those of a text, of the completion of a prompt, or of the assistant's answers in a chat.</summary>
internal sealed record NextTokens
{
    /// <summary>The names of features of texts that training alone reads.</summary>
    public const string Completion = "completion_text", Contents = "chat_contents", Roles = "chat_roles";

    /// <summary>The settings of the token columns.</summary>
    public required TokenizeSettings Settings { get; init; }

    /// <summary>The maximum number of tokens of an example; null if it is not cut.</summary>
    public required int? MaxLength { get; init; }

    /// <summary>The name of the column of completions; null if there are none.</summary>
    public string? CompletionColumn { get; init; }

    /// <summary>true to end each text and each completion with the end-of-sequence token.</summary>
    public required bool EndsTexts { get; init; }

    /// <summary>Returns the example of a row, or none if there is nothing to predict in its text.</summary>
    /// <exception cref="InvalidDataException">The row has nothing to learn where there should be something; the message says why.</exception>
    public IReadOnlyList<TaskPart> Of(TaskRow row)
    {
        var (ids, labels) = Settings.Columns.IsChat ? OfChat(row) : row[Completion] is { IsDefault: false } completion ? OfCompletion(row, completion.Text) : OfText(row);
        if (MaxLength is not { } length || ids.Length <= length)
            return ids.Length < 2 ? [] : [new(Example(ids, labels))];
        // The first token of all is not predicted.
        var first = 1 + labels.AsSpan(1).IndexOfAnyExcept(Batch.IgnoredLabel);
        return first > 0 && first < length ? [new(Example(ids[..length], labels[..length]))] : throw row.Refuse(
            $"has {first} tokens before the first one that is to be learned, and the maximum length is {length}; raise MaxLength, or shorten what comes before.");
    }

    /// <summary>Creates an example of tokens and the label of each.</summary>
    public static Example Example(int[] ids, int[] labels) => new() { ["input_ids"] = ids, ["attention_mask"] = Repeated.Of(1, ids.Length), [Batch.Labels] = labels };

    /// <summary>Creates an example of tokens without labels.</summary>
    public static Example Prompted(int[] ids) => new() { ["input_ids"] = ids, ["attention_mask"] = Repeated.Of(1, ids.Length) };

    /// <summary>The tokens of a row without padding.</summary>
    public static int[] WithoutPadding(TokenSequence tokens) =>
        tokens.Mask.IsEmpty ? tokens.Ids.ToArray() : [.. tokens.Ids.ToArray().Where((_, i) => tokens.Mask.Span[i] != 0)];

    /// <summary>The tokens of a prompt, without the end-of-sequence token that the tokenizer may put behind texts.</summary>
    public static int[] Prompt(TaskRow row) =>
        WithoutPadding(row.Tokens[0]) is [.. { Length: > 0 } prompt, var last] && last == row.Tokenizer.EosTokenId ? prompt : WithoutPadding(row.Tokens[0]);

    private (int[] Ids, int[] Labels) OfText(TaskRow row)
    {
        var ids = Ended(WithoutPadding(row.Tokens[0]), row.Tokenizer);
        return (ids, ids);
    }

    private (int[] Ids, int[] Labels) OfCompletion(TaskRow row, string text)
    {
        var ids = row.Tokenizer.Encode(text, options: new EncodeOptions { AddSpecialTokens = false }).Ids;
        if (ids.Length == 0)
            throw row.Refuse($"has an empty completion in '{CompletionColumn}'; each row needs a text that the model learns to generate.");
        var (prompt, completion) = (Prompt(row), Ended(ids, row.Tokenizer));
        return ([.. prompt, .. completion], [.. Enumerable.Repeat(Batch.IgnoredLabel, prompt.Length), .. completion]);
    }

    private (int[] Ids, int[] Labels) OfChat(TaskRow row)
    {
        try
        {
            var chat = ChatRow.Of(new RowTexts([.. row[Contents].Texts], [.. row[Roles].Texts], AreWords: true, TextForm.Chat), row.Tokenizer, Settings);
            var (ids, answers) = (chat.Encoding.Ids, chat.Answers());
            return Array.IndexOf(answers, true) >= 0
                ? (ids, [.. ids.Select((id, i) => answers[i] ? id : Batch.IgnoredLabel)])
                : throw row.Refuse(chat.Encoding.Truncated
                    ? $"has no answer of the role 'assistant' in the {ids.Length} tokens to which TokenizeHf cuts it; raise maxLength, or shorten what comes before."
                    : "has no message of the role 'assistant', whose answers the model learns.");
        }
        catch (ArgumentException refusal)
        {
            throw row.Refuse($"cannot be learned: {refusal.Message}");
        }
    }

    private int[] Ended(int[] ids, HfTokenizer tokenizer) =>
        EndsTexts && tokenizer.EosTokenId is { } end && ids is [.., var last] && last != end ? [.. ids, end] : ids;
}
