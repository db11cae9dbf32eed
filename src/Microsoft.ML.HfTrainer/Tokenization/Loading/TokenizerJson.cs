using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Encodings;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>Reads tokenizer.json. Its <c>padding</c> and <c>truncation</c> are not applied; callers pass options instead.</summary>
internal static class TokenizerJson
{
    public static Pipeline Read(TokenizerFiles files, PartReader json)
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

        var added = new AddedVocabulary(ReadAddedTokens(files, json), model.Vocabulary, normalizer);
        var processing = postProcessor?.Amend(PostProcessing.None) ?? PostProcessing.None;
        return new Pipeline(normalizer, preTokenizer, model, processing, decoder, added);
    }

    // Tokens that the configuration declares are added if tokenizer.json lacks them; added_tokens_decoder replaces the flags of those that it has.
    private static IEnumerable<AddedToken> ReadAddedTokens(TokenizerFiles files, PartReader json)
    {
        var tokens = json.Child("added_tokens") is null ? [] : json.Items("added_tokens", token => AddedToken.Read(token, token.Number("id")));
        var contents = tokens.Select(token => token.Content).ToHashSet(StringComparer.Ordinal);
        var configuration = files.Json(TokenizerFiles.Configuration);
        var replaces = configuration?.Child("added_tokens_decoder") is not null;
        var tokenizerClass = TokenizerClass.Find(configuration?.OptionalText("tokenizer_class"));
        return tokens.Concat(DeclaredTokens.Read(files, tokenizerClass.SpecialTokens, [])
            .Where(token => !contents.Contains(token.Content) || (replaces && token.Id >= 0)));
    }

    // Older files omit the type of the model, so it is inferred from the fields.
    private static string GuessType(PartReader model) =>
        model.Child("merges") is not null ? "BPE"
        : model.Child("vocab")?.Element.ValueKind == System.Text.Json.JsonValueKind.Array ? "Unigram"
        : model.Child("max_input_chars_per_word") is not null || model.Child("continuing_subword_prefix") is not null ? "WordPiece"
        : "WordLevel";
}
