using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Encodings;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>Reads tokenizer.json. Its <c>padding</c> and <c>truncation</c> are not applied; callers pass options instead.</summary>
internal static class TokenizerJson
{
    public static Pipeline Read(PartReader json)
    {
        var normalizer = json.Child("normalizer") is { } n ? TokenizerParts.Normalizers.Read(n) : null;
        var preTokenizer = json.Child("pre_tokenizer") is { } p ? TokenizerParts.PreTokenizers.Read(p) : null;
        var modelJson = json.Object("model");
        var model = TokenizerParts.Models.Read(modelJson, modelJson.OptionalText("type") ?? GuessType(modelJson));
        var postProcessor = json.Child("post_processor") is { } o ? TokenizerParts.PostProcessors.Read(o) : null;
        var decoder = json.Child("decoder") is { } d ? TokenizerParts.Decoders.Read(d) : null;
        if (json.Context.MissingParts.Count > 0)
            throw new MissingPartException(json.Context.Tokenizer, json.Context.MissingParts);
        (preTokenizer, model) = ByteLevelBpe.TakeOver(preTokenizer, model);

        var addedTokens = json.Child("added_tokens") is null
            ? []
            : json.Items("added_tokens", token => AddedToken.Read(token, token.Number("id")));
        var added = new AddedVocabulary(addedTokens, model.Vocabulary, normalizer, json.Context);
        var processing = postProcessor?.Amend(PostProcessing.None) ?? PostProcessing.None;
        CheckTemplates(processing, added, json.Context);
        return new Pipeline(normalizer, preTokenizer, model, processing, decoder, added);
    }

    // Older files omit the type of the model, so it is inferred from the fields.
    private static string GuessType(PartReader model) =>
        model.Child("merges") is not null ? "BPE"
        : model.Child("vocab")?.Element.ValueKind == System.Text.Json.JsonValueKind.Array ? "Unigram"
        : model.Child("max_input_chars_per_word") is not null || model.Child("continuing_subword_prefix") is not null ? "WordPiece"
        : "WordLevel";

    private static void CheckTemplates(PostProcessing processing, AddedVocabulary added, LoadContext context)
    {
        foreach (var id in processing.Single.Pieces.Concat(processing.Pair.Pieces).SelectMany(piece => piece.Ids))
        {
            if (added.Token(id) is null)
                throw context.Error("post_processor", $"it adds the token {id}, but the vocabulary has {added.Count} tokens and none with that id.");
        }
    }
}
