using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>
/// The language codes, such as <c>en_XX</c> (mBART) or <c>eng_Latn</c> (NLLB), that a translation model's template adds to a text. The configuration
/// sets a default; a call may override it.
/// </summary>
internal sealed partial class LanguageCodes
{
    private readonly AddedVocabulary _added;
    private readonly HashSet<int> _inTemplate;

    private LanguageCodes(AddedVocabulary added, HashSet<int> inTemplate) => (_added, _inTemplate) = (added, inTemplate);

    /// <summary>Returns the language codes of a pipeline, or null if its tokenizer class or its template uses none.</summary>
    public static LanguageCodes? Of(Pipeline pipeline, TokenizerClass tokenizerClass)
    {
        if (!tokenizerClass.HasLanguages)
            return null;
        var (added, processing) = (pipeline.Added, pipeline.PostProcessing);
        var codes = processing.Single.Pieces.Concat(processing.Pair.Pieces).SelectMany(piece => piece.Ids).Where(id => IsCode(added, id)).ToHashSet();
        return codes.Count == 0 ? null : new LanguageCodes(added, codes);
    }

    /// <summary>Returns the id of a language code, or null if the string is not one.</summary>
    public int? Find(string language) => _added.Find(language) is { } id && IsCode(_added, id) ? id : null;

    /// <summary>Returns the pipeline with the language codes of <c>src_lang</c> and <c>tgt_lang</c>.</summary>
    public Pipeline Configure(Pipeline pipeline, PartReader? configuration)
    {
        var (source, target) = (Id("src_lang"), Id("tgt_lang"));
        if (source is { } code)
            pipeline = pipeline with { PostProcessing = Put(pipeline.PostProcessing, code) };
        return target is { } other ? pipeline with { Target = pipeline with { PostProcessing = Put(pipeline.PostProcessing, other) } } : pipeline;

        int? Id(string name) => configuration?.OptionalText(name) is not { } language ? null
            : Find(language) ?? throw configuration.Value.Error($"'{name}' is '{language}', which is not a language code in the vocabulary.");
    }

    /// <summary>Returns the templates with another language code.</summary>
    public PostProcessing Put(PostProcessing processing, int code) =>
        processing with { Single = Put(processing.Single, code), Pair = Put(processing.Pair, code) };

    private TokenTemplate Put(TokenTemplate template, int code) =>
        new([.. template.Pieces.Select(piece => piece with { Ids = Array.ConvertAll(piece.Ids, id => _inTemplate.Contains(id) ? code : id) })]);

    private static bool IsCode(AddedVocabulary added, int id) => added.IsSpecial(id) && added.Token(id) is { } token && Code().IsMatch(token);

    [GeneratedRegex("^[a-z]{2,3}_[A-Z][A-Za-z]{1,3}$", RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}
