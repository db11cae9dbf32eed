using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Decoders;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Normalizers;
using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>The inputs of a layout: the SentencePiece model, the settings of tokenizer_config.json, and the special tokens by role.</summary>
internal sealed class LayoutSource(SentencePieceModel model, TokenizerFiles files, PieceLayout layout, LoadContext context)
{
    private static readonly Dictionary<string, string> NoTokens = [];

    private readonly PartReader? _configuration = files.Json(TokenizerFiles.Configuration);
    private readonly SpecialTokenNames _names = Names(files, layout.SpecialTokensOf(model));
    private readonly SpecialTokenNames _declared = Names(files, NoTokens);

    public SentencePieceModel Model => model;

    public LoadContext Context => context;

    /// <summary>The pieces with their scores, in the order of the file.</summary>
    public IEnumerable<(string Piece, double Score)> Scores => model.Pieces.Select(piece => (piece.Text, (double)piece.Score));

    /// <summary>The replacement table as a normalizer; empty if the model has none.</summary>
    public IReadOnlyList<string> Charsmap => model.Normalizer.Charsmap.Length == 0
        ? []
        : [$$"""{ "type": "Precompiled", "precompiled_charsmap": "{{Convert.ToBase64String(model.Normalizer.Charsmap)}}" }"""];

    /// <summary>The control pieces, which are special tokens, and the user-defined pieces, which are not.</summary>
    public IEnumerable<AddedToken> MarkerPieces => model.Pieces.Where(piece => piece.Type is PieceType.Control or PieceType.UserDefined)
        .Select(piece => new AddedToken(-1, piece.Text) { Special = piece.Type == PieceType.Control });

    public bool Flag(string name, bool absent) => _configuration?.OptionalFlag(name) ?? absent;

    public int Number(string name, int absent) => _configuration?.OptionalNumber(name) ?? absent;

    public string? OptionalText(string name) => _configuration?.OptionalText(name);

    /// <summary>Returns the token of a role that the layout requires.</summary>
    public string Token(string role) => _names[role]
        ?? throw context.Error("", $"the layout of {layout.Classes[0]} needs a {role}_token; name one in {TokenizerFiles.Configuration}.");

    /// <summary>Returns the token of a role, or null.</summary>
    public string? OptionalToken(string role) => _names[role];

    /// <summary>Returns the token that a file specifies for a role, or null.</summary>
    public string? DeclaredToken(string role) => _declared[role];

    /// <summary>Returns the id of a token that the template adds.</summary>
    public int Id(AddedVocabulary added, string token) => added.Find(token)
        ?? throw context.Error("", $"the vocabulary of {added.Count} tokens lacks '{token}', which the layout of {layout.Classes[0]} adds to texts.");

    public INormalizer? Normalizer(IReadOnlyList<string> parts) => parts.Count switch
    {
        0 => null,
        1 => Read(TokenizerParts.Normalizers, parts[0]),
        _ => new NormalizerSequence([.. parts.Select(part => Read(TokenizerParts.Normalizers, part))]),
    };

    public IPreTokenizer? PreTokenizer(IReadOnlyList<string> parts) => parts.Count switch
    {
        0 => null,
        1 => Read(TokenizerParts.PreTokenizers, parts[0]),
        _ => new PreTokenizerSequence([.. parts.Select(part => Read(TokenizerParts.PreTokenizers, part))]),
    };

    public IDecoder Decoder(IReadOnlyList<string> parts) => parts.Count == 1
        ? Read(TokenizerParts.Decoders, parts[0])
        : new DecoderSequence([.. parts.Select(part => Read(TokenizerParts.Decoders, part))]);

    private static SpecialTokenNames Names(TokenizerFiles files, IReadOnlyDictionary<string, string> specialTokens) =>
        SpecialTokenNames.Read(files.Json(TokenizerFiles.Configuration), files.Json(TokenizerFiles.SpecialTokens), specialTokens);

    private TPart Read<TPart>(PartRegistry<TPart> registry, string part)
        where TPart : class
    {
        using var document = JsonDocument.Parse(part);
        return registry.Read(new PartReader(document.RootElement.Clone(), "", context));
    }
}
