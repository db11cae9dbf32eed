using System.Diagnostics;
using Microsoft.ML.HfTrainer.Precision;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Evaluation and prediction outside training.</summary>
internal sealed class StandaloneEvaluation(RunContext context) : RunMode
{
    public override CancellationToken Cancellation => context.Args.CancellationToken;

    public override void Backward(Tensor loss) => context.Precision.Backward(loss);

    public override T Evaluate<T>(Func<T> evaluation)
    {
        var model = context.Model;
        try
        {
            using var random = context.Source.Random.Use();
            var clock = Stopwatch.StartNew();
            model.to(context.Device);
            if (context.Optimizer is null)
                context.ModelPreparationTime ??= Math.Round(clock.Elapsed.TotalSeconds, 4);
            using var cast = CastWeights.ForEvaluation(context.Args.ToPrecisionSettings(), model);
            using var casting = context.Precision.Attach(model);
            return evaluation();
        }
        catch
        {
            context.RestoreConsole();
            throw;
        }
    }

    // Exceptions about arguments speak for themselves.
    public override bool Wraps(Exception failure) => failure is not ArgumentException;

    public override bool SaveBeforeFailing() => false;
}
