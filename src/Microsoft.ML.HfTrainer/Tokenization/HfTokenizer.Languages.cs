using System.Collections.Concurrent;
using Microsoft.ML.HfTrainer.Tokenization.Encodings;

namespace Microsoft.ML.HfTrainer;

public sealed partial class HfTokenizer
{
    private readonly LanguageCodes? _languages;
    private readonly ConcurrentDictionary<int, Composer> _composersByLanguage = [];

    private Composer ComposerOf(EncodeOptions options)
    {
        if (options.Language is not { } language)
            return options.AsTarget ? _targetComposer : _composer;
        var code = _languages?.Find(language) ?? throw new ArgumentException(_languages is null
            ? $"Language is '{language}', but the tokenizer '{Name}' adds no language codes to texts; leave it out."
            : $"Language is '{language}', which is not a language code of the tokenizer '{Name}'; it must be one such as 'en_XX' or 'eng_Latn'.");
        return _composersByLanguage.GetOrAdd(code, id => new Composer(this, _languages.Put(_pipeline.PostProcessing, id)));
    }
}
