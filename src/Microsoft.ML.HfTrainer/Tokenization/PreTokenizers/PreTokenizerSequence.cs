using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Applies pre-tokenizers one after the other, each to the words of the previous one.</summary>
internal sealed class PreTokenizerSequence(IReadOnlyList<IPreTokenizer> preTokenizers) : IByteLevelPreTokenizer, IPart<PreTokenizerSequence>
{
    // Lists that a text of some megabytes has grown beyond this size are released.
    private const int MaxRetained = 1 << 16;

    // A nested sequence finds the lists in use and creates its own.
    [ThreadStatic]
    private static (List<TextSpan> Spans, List<TextSpan> Parts)? _spare;

    private readonly IPreTokenizer[] _preTokenizers = [.. preTokenizers];

    public static string TypeName => "Sequence";

    public bool EndsInBytes => _preTokenizers is [.., IByteLevelPreTokenizer { EndsInBytes: true }];

    public IPreTokenizer? WithoutBytes
    {
        get
        {
            IPreTokenizer[] rest = _preTokenizers is [.. var before, IByteLevelPreTokenizer { WithoutBytes: { } last }]
                ? [.. before, last]
                : _preTokenizers[..^1];
            return rest.Length switch
            {
                0 => null,
                1 => rest[0],
                _ => new PreTokenizerSequence(rest),
            };
        }
    }

    public static PreTokenizerSequence Read(PartReader json) => new(json.Items("pretokenizers", TokenizerParts.PreTokenizers.Read));

    public void Split(TextSpan span, List<TextSpan> words)
    {
        var (spans, parts) = _spare ?? ([], []);
        _spare = null;
        spans.Clear();
        spans.Add(span);
        foreach (var preTokenizer in _preTokenizers)
        {
            parts.Clear();
            foreach (var part in spans)
                preTokenizer.Split(part, parts);
            (spans, parts) = (parts, spans);
        }
        words.AddRange(spans);
        if (spans.Capacity <= MaxRetained && parts.Capacity <= MaxRetained)
            _spare = (spans, parts);
    }
}
