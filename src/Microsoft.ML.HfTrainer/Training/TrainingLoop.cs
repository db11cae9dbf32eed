using System.Diagnostics;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

// The training loop, top to bottom: a run, an epoch, an update, a micro-batch.
public partial class Trainer
{
    private LossLog _losses = new(filter: true);
    private double _gradientNorm;
    private double _lastLearningRate;
    private bool _isTraining;

    /// <summary>Trains the model.</summary>
    /// <returns>Updates made, mean loss and speed.</returns>
    /// <exception cref="OperationCanceledException">The settings' cancellation token was cancelled; the model keeps the updates made.</exception>
    public TrainOutput Train()
    {
        using var random = _random.Use();
        var loader = GetTrainDataLoader();
        var plan = StepPlan.Make(Args, loader);
        var clock = Stopwatch.StartNew();
        Begin(plan, loader);
        try
        {
            _isTraining = true;
            Notify(c => c.OnTrainBegin(_context));
            for (var epoch = 0; epoch < plan.Epochs && !Control.ShouldTrainingStop; epoch++)
                TrainEpoch(epoch, loader, plan);
            return Finish(plan, loader, clock.Elapsed);
        }
        catch
        {
            foreach (var progress in _callbacks.OfType<ProgressCallback>())
                progress.Dispose();
            throw;
        }
        finally
        {
            _isTraining = false;
            Optimizer!.ZeroGrad();
            Model.eval();
        }
    }

    private void Begin(StepPlan plan, DataLoader loader)
    {
        Checkpoints.Prepare();
        // Parameters are new objects after a move to another device: the optimizer comes afterwards.
        Model.to(Device);
        (Model as PretrainedModel)?.UseRandomStream(Args.RandomStream);
        Optimizer?.Dispose();
        Optimizer = CreateOptimizer();
        LearningRateScheduler = CreateScheduler(Optimizer, plan.MaxSteps);
        State.Begin(Args, plan);
        Control.ShouldTrainingStop = false;
        _losses = new LossLog(Args.LoggingNanInfFilter);
        Logger.Info($"Training: {loader.Dataset.Count:N0} examples, {plan.Epochs} epochs, {plan.MaxSteps:N0} updates of {Args.PerDeviceTrainBatchSize * Args.GradientAccumulationSteps} examples, {Model.parameters().Where(p => p.requires_grad).Sum(p => p.numel()):N0} trainable parameters on {Device}.");
    }

    private void TrainEpoch(int epoch, DataLoader loader, StepPlan plan)
    {
        Control.ShouldEpochStop = false;
        Notify(c => c.OnEpochBegin(_context));
        Model.train();
        var step = 0;
        using var batches = loader.Epoch(epoch).GetEnumerator();
        while (!Control.ShouldEpochStop && !Control.ShouldTrainingStop && TakeGroup(batches, plan) is { Count: > 0 } group)
        {
            step += group.Count;
            try
            {
                TrainUpdate(group);
            }
            finally
            {
                group.ForEach(batch => batch.Dispose());
            }
            State.Epoch = epoch + step / (double)plan.StepsPerEpoch;
            Notify(c => c.OnStepEnd(_context));
            LogEvaluateSave();
            Args.CancellationToken.ThrowIfCancellationRequested();
        }
        Notify(c => c.OnEpochEnd(_context));
        LogEvaluateSave();
    }

    // All micro-batches of an update are there before the first is computed: their labels are counted over the whole update.
    private List<Batch> TakeGroup(IEnumerator<Batch> batches, StepPlan plan)
    {
        var group = new List<Batch>(plan.AccumulationSteps);
        while (group.Count < plan.AccumulationSteps && batches.MoveNext())
            group.Add(batches.Current);
        var labels = group.Sum(b => b.OwnLabelCount);
        foreach (var batch in group)
            batch.LabelCount = labels > 0 ? labels : null;
        return group;
    }

    private void TrainUpdate(List<Batch> group)
    {
        Control.BeginStep();
        Notify(c => c.OnStepBegin(_context));
        for (var i = 0; i < group.Count; i++)
        {
            var micro = group[i].To(Device);
            micro.Packed = Args.RandomStream == RandomStream.Fast;
            _losses.Add(TrainingStep(micro, group.Count), State.GlobalStep + 1, Logger);
            State.TotalFlos += FloatingPointOperations(micro);
            if (i < group.Count - 1)
                Notify(c => c.OnSubstepEnd(_context));
        }
        _gradientNorm = ClipGradients();
        Notify(c => c.OnPreOptimizerStep(_context));
        Optimizer!.Step();
        Notify(c => c.OnOptimizerStep(_context));
        _lastLearningRate = Optimizer.Groups[0].LearningRate;
        LearningRateScheduler!.Step();
        Optimizer.ZeroGrad();
        State.GlobalStep++;
    }

    /// <summary>Forward and backward of one micro-batch.</summary>
    /// <param name="batch">The micro-batch, on the device.</param>
    /// <param name="groupSize">Micro-batches of this update.</param>
    /// <returns>The loss as it went into the gradient.</returns>
    protected virtual double TrainingStep(Batch batch, int groupSize)
    {
        using var scope = NewDisposeScope();
        var (loss, output) = ComputeLoss(batch);
        var scaled = loss * LossScale(output, batch, groupSize);
        scaled.backward();
        return scaled.item<float>();
    }

    private double LossScale(ModelOutput output, Batch batch, int groupSize) => (output.LossReduction, Args.LossNormalization, batch.LabelCount) switch
    {
        (_, _, null) => 1.0 / groupSize,
        (LossReduction.SumOverLabelCount, _, _) => 1,
        // The original's models leave the count aside, and its loop trusts them not to.
        (_, LossNormalization.Original, _) => Model is PretrainedModel ? 1 : 1.0 / groupSize,
        (_, _, { } count) => batch.OwnLabelCount / (double)count,
    };

    private double ClipGradients()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var gradients = Model.parameters().Select(p => p.grad).OfType<Tensor>().ToArray();
        return gradients.Length == 0 ? 0 : TorchScript.ClipGradNorm(gradients, Args.MaxGradNorm).item<float>();
    }

    private void LogEvaluateSave()
    {
        if (Control.ShouldLog && _losses.Count > 0)
        {
            Log(new LogRecord { ["loss"] = _losses.Take(), ["grad_norm"] = _gradientNorm, ["learning_rate"] = _lastLearningRate });
        }
        if (Control.ShouldEvaluate)
        {
            var improved = RememberBest(Evaluate(EvalDataset!));
            if (Args.SaveStrategy == SaveStrategy.Best)
                Control.ShouldSave = improved;
            Model.train();
        }
        if (!Control.ShouldSave || Checkpoints.Folder is null)
            return;
        _random.Capture();
        Checkpoints.Save(this, _random);
        Control.ShouldSave = false;
        Notify(c => c.OnSave(_context));
    }

    private bool RememberBest(IReadOnlyDictionary<string, double> metrics)
    {
        if (Args.BestMetric is not { } metric)
            return false;
        var key = BestModel.KeyOf(metric);
        if (!metrics.TryGetValue(key, out var value))
            throw new ArgumentException($"TrainingArguments.MetricForBestModel is '{metric}', but the evaluation gives no '{key}'; it gives {string.Join(", ", metrics.Keys)}.");
        if (State.BestMetric is { } best ? !BestModel.IsBetter(Args, value, best) : double.IsNaN(value))
            return false;
        State.BestMetric = value;
        if (Args.SaveStrategy != SaveStrategy.No)
            State.BestGlobalStep = State.GlobalStep;
        return true;
    }

    private TrainOutput Finish(StepPlan plan, DataLoader loader, TimeSpan elapsed)
    {
        var planned = Args.MaxSteps > 0 ? (double)Args.MaxSteps * Args.PerDeviceTrainBatchSize * Args.GradientAccumulationSteps : loader.Dataset.Count * Args.NumTrainEpochs;
        var samples = planned * State.GlobalStep / plan.MaxSteps;
        var loss = _losses.Total / Math.Max(State.GlobalStep, 1);
        var metrics = new LogRecord(SpeedMetrics.Of("train", elapsed, samples, State.GlobalStep)) { ["total_flos"] = State.TotalFlos, ["train_loss"] = loss };
        Log(metrics);
        if (Args.LoadBestModelAtEnd)
            Checkpoints.LoadBest(this);
        Checkpoints.Finish(State);
        Notify(c => c.OnTrainEnd(_context));
        return new TrainOutput(State.GlobalStep, loss, metrics);
    }

    // Six operations for each parameter outside the embeddings and each token, as the original estimates.
    private double FloatingPointOperations(Batch batch) => batch.Find("input_ids") is { } ids ? 6.0 * ids.numel() * (_matrixParameters ??= CountMatrixParameters()) : 0;

    private long CountMatrixParameters()
    {
        var tables = Model.named_modules().Where(m => m.module is Models.Layers.Embedding or TorchSharp.Modules.Embedding).Sum(m => m.module.parameters().Sum(p => p.numel()));
        return Model.parameters().Sum(p => p.numel()) - tables;
    }

    private long? _matrixParameters;
}
