using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>What a golden run does with its loss; a kind that is not known here skips the row.</summary>
internal sealed record RunLoss
{
    /// <summary>The micro-steps, from 1, to whose loss NaN is added.</summary>
    public IReadOnlyCollection<int> NanSteps { get; private init; } = [];

    /// <summary>A loss function given to the Trainer.</summary>
    public LossFunction? Function { get; private init; }

    /// <summary>A loss of logits and labels that the Trainer is overridden with.</summary>
    public Func<Tensor, Tensor, Tensor>? Override { get; private init; }

    public static RunLoss Read(JsonElement settings)
    {
        if (!settings.TryGetProperty("custom_loss", out var loss))
            return new RunLoss();
        switch (loss.GetProperty("type").GetString())
        {
            case "nan":
                return new RunLoss { NanSteps = [.. loss.GetProperty("micro_steps").EnumerateArray().Select(s => s.GetInt32())] };
            case "weighted":
                var weights = Weights(loss);
                return new RunLoss { Override = (logits, labels) => nn.functional.cross_entropy(logits, labels, tensor(weights)) };
            case "weighted_func":
                var sums = Weights(loss);
                return new RunLoss { Function = (output, batch, count) => nn.functional.cross_entropy(output.Logits, batch.Get(Batch.Labels), tensor(sums), reduction: nn.Reduction.Sum) / count!.Value };
            default:
                GoldenFolder.Skip($"loss '{loss.GetProperty("type")}' of a run");
                throw new InvalidOperationException();
        }
    }

    private static float[] Weights(JsonElement loss) => [.. loss.GetProperty("weights").EnumerateArray().Select(w => w.GetSingle())];
}
