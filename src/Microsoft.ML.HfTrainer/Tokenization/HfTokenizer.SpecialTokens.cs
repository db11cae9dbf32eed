namespace Microsoft.ML.HfTrainer;

public sealed partial class HfTokenizer
{
    /// <summary>Gets the padding token, such as <c>[PAD]</c>, or null if the tokenizer has none.</summary>
    public string? PadToken => _specials["pad"];

    /// <summary>Gets the token for text outside the vocabulary, such as <c>[UNK]</c>, or null if there is none.</summary>
    public string? UnknownToken => _specials["unk"] ?? _pipeline.Model.UnknownToken;

    /// <summary>Gets the classification token at the beginning of an input, such as <c>[CLS]</c>, or null if there is none.</summary>
    public string? ClsToken => _specials["cls"];

    /// <summary>Gets the separator token between two texts, such as <c>[SEP]</c>, or null if there is none.</summary>
    public string? SepToken => _specials["sep"];

    /// <summary>Gets the mask token of masked language modeling, such as <c>[MASK]</c>, or null if there is none.</summary>
    public string? MaskToken => _specials["mask"];

    /// <summary>Gets the beginning-of-sequence token, such as <c>&lt;s&gt;</c>, or null if there is none.</summary>
    public string? BosToken => _specials["bos"];

    /// <summary>Gets the end-of-sequence token, such as <c>&lt;/s&gt;</c>, or null if there is none.</summary>
    public string? EosToken => _specials["eos"];

    /// <summary>Gets the id of <see cref="PadToken"/>, or null if there is none.</summary>
    public int? PadTokenId => Id(PadToken);

    /// <summary>Gets the id of <see cref="UnknownToken"/>, or null if there is none.</summary>
    public int? UnknownTokenId => Id(UnknownToken);

    /// <summary>Gets the id of <see cref="ClsToken"/>, or null if there is none.</summary>
    public int? ClsTokenId => Id(ClsToken);

    /// <summary>Gets the id of <see cref="SepToken"/>, or null if there is none.</summary>
    public int? SepTokenId => Id(SepToken);

    /// <summary>Gets the id of <see cref="MaskToken"/>, or null if there is none.</summary>
    public int? MaskTokenId => Id(MaskToken);

    /// <summary>Gets the id of <see cref="BosToken"/>, or null if there is none.</summary>
    public int? BosTokenId => Id(BosToken);

    /// <summary>Gets the id of <see cref="EosToken"/>, or null if there is none.</summary>
    public int? EosTokenId => Id(EosToken);

    /// <summary>Indicates whether a token is one of the special tokens above or is declared special in the files.</summary>
    internal bool IsSpecial(int id) => _pipeline.Added.IsSpecial(id) || _specials.Contains(IdToToken(id));

    private int? Id(string? token) => token is null ? null : TokenToId(token);
}
