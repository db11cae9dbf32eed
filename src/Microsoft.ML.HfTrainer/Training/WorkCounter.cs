using Microsoft.ML.HfTrainer.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Counts the tokens and estimates the floating-point operations of training.</summary>
internal sealed class WorkCounter(TrainingArguments args, nn.Module model, int? padTokenId)
{
    private long? _matrixParameters;

    /// <summary>Estimates the operations of a micro-batch as Hugging Face does: six per token and parameter outside the embeddings.</summary>
    public double Operations(Batch batch) => batch.Find("input_ids") is { } ids ? 6.0 * ids.numel() * (_matrixParameters ??= ModelWork.MatrixParameters(model)) : 0;

    /// <summary>Counts the input tokens of a micro-batch as <see cref="TrainingArguments.IncludeNumInputTokensSeen"/> asks for. The batch is still on the CPU.</summary>
    public long Tokens(Batch batch)
    {
        if (args.IncludeNumInputTokensSeen == InputTokensSeen.No || batch.Find("input_ids") is not { } ids)
            return 0;
        if (args.IncludeNumInputTokensSeen == InputTokensSeen.All)
            return ids.numel();
        using var scope = NewDisposeScope();
        return batch.Find("attention_mask") is { } mask ? mask.sum().to(ScalarType.Int64).item<long>()
            : padTokenId is { } padding ? ids.ne(padding).sum().item<long>()
            : ids.numel();
    }
}
