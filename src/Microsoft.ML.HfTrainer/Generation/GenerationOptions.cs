using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>What takes part in generating text besides the settings of <see cref="GenerationConfig"/>.</summary>
public sealed record GenerationOptions
{
    /// <summary>Processors of your own, in the order in which they run. They run after the settings that forbid and force tokens. Default: none.</summary>
    public IReadOnlyList<LogitsProcessor> LogitsProcessors { get; init; } = [];

    /// <summary>Criteria of your own that end sequences. Default: none.</summary>
    public IReadOnlyList<StoppingCriterion> StoppingCriteria { get; init; } = [];

    /// <summary>The model's tokenizer, which <see cref="GenerationConfig.StopStrings"/> needs. The methods that return text set it. Default: null.</summary>
    public HfTokenizer? Tokenizer { get; init; }

    /// <summary>The tokens that the target of an encoder-decoder begins with, <c>[batch, length]</c> int64; the start token is put before them where they lack it. Default: the start token alone.</summary>
    public Tensor? DecoderInputIds { get; init; }

    /// <summary>The source of the random numbers of sampling. If null, the global generator, which <c>torch.manual_seed</c> seeds. Default: null.</summary>
    public Generator? Generator { get; init; }

    /// <summary>Is called with the new token of each row, on the thread that generates.</summary>
    internal Action<IReadOnlyList<int>>? OnTokens { get; init; }
}
