namespace Microsoft.ML.HfTrainer;

public sealed partial class HfTokenizer
{
    /// <summary>The token that fills encodings up, such as <c>[PAD]</c>; null where the tokenizer names none.</summary>
    public string? PadToken => _specials["pad"];

    /// <summary>The token for what the vocabulary lacks, such as <c>[UNK]</c>; null where there is none.</summary>
    public string? UnknownToken => _specials["unk"] ?? _pipeline.Model.UnknownToken;

    /// <summary>The token at the beginning of an input, on which classifiers are trained, such as <c>[CLS]</c>; null where there is none.</summary>
    public string? ClsToken => _specials["cls"];

    /// <summary>The token between two texts, such as <c>[SEP]</c>; null where there is none.</summary>
    public string? SepToken => _specials["sep"];

    /// <summary>The token that hides another in masked language modelling, such as <c>[MASK]</c>; null where there is none.</summary>
    public string? MaskToken => _specials["mask"];

    /// <summary>The token that begins a text, such as <c>&lt;s&gt;</c>; null where there is none.</summary>
    public string? BosToken => _specials["bos"];

    /// <summary>The token that ends a text, such as <c>&lt;/s&gt;</c>; null where there is none.</summary>
    public string? EosToken => _specials["eos"];

    /// <summary>The id of <see cref="PadToken"/>.</summary>
    public int? PadTokenId => Id(PadToken);

    /// <summary>The id of <see cref="UnknownToken"/>.</summary>
    public int? UnknownTokenId => Id(UnknownToken);

    /// <summary>The id of <see cref="ClsToken"/>.</summary>
    public int? ClsTokenId => Id(ClsToken);

    /// <summary>The id of <see cref="SepToken"/>.</summary>
    public int? SepTokenId => Id(SepToken);

    /// <summary>The id of <see cref="MaskToken"/>.</summary>
    public int? MaskTokenId => Id(MaskToken);

    /// <summary>The id of <see cref="BosToken"/>.</summary>
    public int? BosTokenId => Id(BosToken);

    /// <summary>The id of <see cref="EosToken"/>.</summary>
    public int? EosTokenId => Id(EosToken);

    /// <summary>Whether a token is one of those above, or another that the files call special.</summary>
    internal bool IsSpecial(int id) => _pipeline.Added.IsSpecial(id) || _specials.Contains(IdToToken(id));

    private int? Id(string? token) => token is null ? null : TokenToId(token);
}
