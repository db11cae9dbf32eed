using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>Converts options to settings, and refuses options that contradict each other or that the tokenizer cannot follow.</summary>
internal sealed class TokenizeSettingsCheck(MlHost host, HfTokenizer tokenizer, TokenizeHfOptions options, int? limit)
{
    private readonly TextColumns _columns = new(
        options.TextColumnName, options.ChatRoleColumnName ?? options.ChoicesColumnName ?? options.PairColumnName,
        options.ChatRoleColumnName is not null ? TextForm.Chat : options.ChoicesColumnName is not null ? TextForm.Choices
        : options.SplitIntoWords ? TextForm.SplitAtSpaces : TextForm.Plain);

    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public TokenizeSettings ToSettings()
    {
        Refuse(options is { PairColumnName: not null, ChoicesColumnName: not null }, "PairColumnName and ChoicesColumnName are both set; a text is paired with one text, or with each of several.");
        Refuse(options is { SplitIntoWords: true, ChoicesColumnName: not null }, "SplitIntoWords and ChoicesColumnName are both set; choices are whole texts, leave one of them out.");
        CheckChat();
        CheckPrefix();
        CheckTruncation();
        CheckOverflow();
        CheckPadding();
        CheckLanguage();
        if (options is { Truncation: not TruncationStrategy.DoNotTruncate, ChatRoleColumnName: null } && limit is { } length)
            CheckRoom(length);
        return new TokenizeSettings
        {
            Columns = _columns,
            TextPrefix = options.TextPrefix,
            LowerCase = options.LowerCase,
            Prefix = options.OutputColumnPrefix,
            MaxLength = limit,
            Truncation = options.Truncation,
            TruncationSide = options.TruncationSide,
            PadsToMaxLength = options.Padding == PaddingStrategy.MaxLength,
            PaddingSide = options.PaddingSide,
            AddSpecialTokens = options.AddSpecialTokens,
            AsTarget = options.AsTarget,
            Language = options.Language,
            Requested = [.. Requests().Where(request => request.IsAsked).Select(request => request.Column)],
            Overflows = options.ReturnOverflowingTokens,
            Stride = options.Stride,
        };
    }

    private IEnumerable<(bool IsAsked, string Column)> Requests() =>
    [
        (options.ReturnOffsets, TokenColumn.Offsets), (options.ReturnWordIds, TokenColumn.WordIds), (options.ReturnSequenceIds, TokenColumn.SequenceIds),
        (options.ReturnSpecialTokensMask, TokenColumn.SpecialTokensMask),
    ];

    private void CheckChat()
    {
        if (options.ChatRoleColumnName is null)
            return;
        Refuse(options.PairColumnName is not null, $"ChatRoleColumnName is '{options.ChatRoleColumnName}', and PairColumnName '{options.PairColumnName}'; a chat is not a pair of texts, leave one of them out.");
        Refuse(options.ChoicesColumnName is not null, $"ChatRoleColumnName is '{options.ChatRoleColumnName}', and ChoicesColumnName '{options.ChoicesColumnName}'; leave one of them out.");
        Refuse(options.SplitIntoWords, "ChatRoleColumnName and SplitIntoWords are both set; a chat is not split into words, leave one of them out.");
        Refuse(options.TextPrefix.Length > 0, "ChatRoleColumnName and TextPrefix are both set; put what precedes a chat into a system message.");
        Refuse(options.LowerCase, "ChatRoleColumnName and LowerCase are both set; the chat template decides about the text, leave one of them out.");
        Refuse(options.ReturnOverflowingTokens, "ChatRoleColumnName and ReturnOverflowingTokens are both set; a chat is not cut into several rows.");
        Refuse(tokenizer.ChatTemplates.Count == 0,
            $"ChatRoleColumnName is '{options.ChatRoleColumnName}', and the tokenizer '{tokenizer.Name}' has no chat template; take a model that is made for chats, or put a chat_template.jinja into its folder.");
    }

    private void CheckPrefix()
    {
        Refuse(options is { TextPrefix.Length: > 0, ReturnOffsets: true }, "TextPrefix and ReturnOffsets are both set; offsets would be those in a text with the prefix. Leave one of them out.");
        Refuse(options is { TextPrefix.Length: > 0, SplitIntoWords: true }, "TextPrefix and SplitIntoWords are both set; the words of the prefix would have no labels. Leave one of them out.");
    }

    private void CheckTruncation()
    {
        Refuse(!Enum.IsDefined(options.Truncation), $"Truncation is {options.Truncation}, which is no {nameof(TruncationStrategy)}.");
        Refuse(options is { Truncation: TruncationStrategy.OnlySecond, PairColumnName: null, ChoicesColumnName: null },
            "Truncation is OnlySecond, and there are no second texts; name their column in PairColumnName, or take LongestFirst.");
        Refuse(options is { Truncation: TruncationStrategy.DoNotTruncate, MaxLength: { } length, Padding: not PaddingStrategy.MaxLength, ReturnSequenceIds: false },
            $"MaxLength is {options.MaxLength}, and Truncation is DoNotTruncate, so that it has no effect; leave one of them out, or set ReturnSequenceIds for a trainer that cuts windows of that length.");
    }

    private void CheckOverflow()
    {
        Refuse(options.Stride < 0, $"Stride is {options.Stride}; it is a number of tokens from 0 up.");
        Refuse(options.Stride > 0 && !options.ReturnOverflowingTokens,
            $"Stride is {options.Stride}, and what is cut off is not returned; set ReturnOverflowingTokens, or leave Stride out.");
        if (!options.ReturnOverflowingTokens)
            return;
        Refuse(_columns.Form == TextForm.Choices, "ReturnOverflowingTokens makes several rows of a text, and a row with choices has several texts; leave one of them out.");
        Refuse(options.Truncation == TruncationStrategy.DoNotTruncate,
            "ReturnOverflowingTokens returns what is cut off, and Truncation is DoNotTruncate; take another strategy.");
        Refuse(limit is null,
            $"ReturnOverflowingTokens returns what is cut off, and there is no limit: the tokenizer '{tokenizer.Name}' names none; set MaxLength.");
    }

    private void CheckPadding()
    {
        Refuse(options.Padding == PaddingStrategy.Longest || !Enum.IsDefined(options.Padding),
            $"Padding is {options.Padding}; rows are tokenized one by one, so that they can be filled up to MaxLength, or left for the batches to pad (DoNotPad).");
        Refuse(options is { Padding: PaddingStrategy.DoNotPad, PaddingSide: not null },
            $"PaddingSide is {options.PaddingSide}, and Padding is DoNotPad; set Padding to MaxLength, or leave PaddingSide out.");
        if (options.Padding != PaddingStrategy.MaxLength)
            return;
        Refuse(limit is null, $"Padding is MaxLength, and there is no limit: the tokenizer '{tokenizer.Name}' names none; set MaxLength.");
        Refuse(tokenizer.PadTokenId is null, $"Padding is MaxLength, and the tokenizer '{tokenizer.Name}' names no padding token; set pad_token in its tokenizer_config.json.");
    }

    private void CheckLanguage()
    {
        try
        {
            tokenizer.Encode("", options: new() { AsTarget = options.AsTarget, Language = options.Language });
        }
        catch (ArgumentException refusal)
        {
            Refuse(true, refusal.Message);
        }
    }

    private void CheckRoom(int length)
    {
        var special = options.AddSpecialTokens ? tokenizer.Encode("", _columns.Pair is null ? null : "", new() { AsTarget = options.AsTarget }).Length : 0;
        var room = length - special;
        Refuse(room <= 0,
            $"MaxLength is {length}, and the tokenizer '{tokenizer.Name}' adds {special} special tokens to each {(_columns.Pair is null ? "text" : "pair")}, so that nothing is " +
            $"left for the text; it should be above {special}.");
        Refuse(options.Stride >= room,
            $"Stride is {options.Stride}, and MaxLength {length} leaves {room} tokens beside {special} special ones; Stride should be below {room}.");
    }

    private void Refuse(bool isWrong, string message)
    {
        if (isWrong)
            throw host.Mark(new ArgumentException($"TokenizeHf of {_columns}: {message}"));
    }
}
