using Microsoft.ML.HfTrainer.Tokenization.Decoders;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.Normalizers;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;
using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>The components that a tokenizer.json may name. To support another, add a file and an entry here.</summary>
internal static class TokenizerParts
{
    public static PartRegistry<INormalizer> Normalizers { get; } = new PartRegistry<INormalizer>()
        .Add<BertNormalizer>()
        .Add<ByteLevelNormalizer>()
        .Add<Lowercase>()
        .Add<Nfc>()
        .Add<Nfd>()
        .Add<Nfkc>()
        .Add<Nfkd>()
        .Add<Nmt>()
        .Add<NormalizerSequence>()
        .Add<Precompiled>()
        .Add<Prepend>()
        .Add<Replace>()
        .Add<Strip>()
        .Add<StripAccents>();

    public static PartRegistry<IPreTokenizer> PreTokenizers { get; } = new PartRegistry<IPreTokenizer>()
        .Add<BertPreTokenizer>()
        .Add<ByteLevel>()
        .Add<CharDelimiterSplit>()
        .Add<Digits>()
        .Add<MetaspacePreTokenizer>()
        .Add<PreTokenizerSequence>()
        .Add<Punctuation>()
        .Add<SplitPreTokenizer>()
        .Add<Whitespace>()
        .Add<WhitespaceSplit>();

    public static PartRegistry<IModel> Models { get; } = new PartRegistry<IModel>()
        .Add<Bpe>()
        .Add<Unigram>()
        .Add<WordLevel>()
        .Add<WordPiece>();

    public static PartRegistry<IPostProcessor> PostProcessors { get; } = new PartRegistry<IPostProcessor>()
        .Add<BertProcessing>()
        .Add<ByteLevelProcessing>()
        .Add<PostProcessorSequence>()
        .Add<RobertaProcessing>()
        .Add<TemplateProcessing>();

    public static PartRegistry<IDecoder> Decoders { get; } = new PartRegistry<IDecoder>()
        .Add<BpeDecoder>()
        .Add<ByteFallback>()
        .Add<ByteLevelDecoder>()
        .Add<DecoderSequence>()
        .Add<Fuse>()
        .Add<MetaspaceDecoder>()
        .Add<ReplaceDecoder>()
        .Add<StripDecoder>()
        .Add<WordPieceDecoder>();
}
