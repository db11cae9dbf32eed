using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The model of a trainer and its stream of random numbers. Training continues the stream that the model was created from.</summary>
internal sealed class ModelSource
{
    private readonly Func<nn.Module<Batch, ModelOutput>> _create;
    private readonly TrainingArguments _args;
    private bool _isNew = true;

    public ModelSource(Func<nn.Module<Batch, ModelOutput>> create, TrainingArguments args)
    {
        (_create, _args) = (create, args);
        (Model, Random) = Create();
    }

    public nn.Module<Batch, ModelOutput> Model { get; private set; }

    /// <summary>The description of the model.</summary>
    public ITrainableModel Description => ITrainableModel.Of(Model);

    /// <summary>The device that computes.</summary>
    public Device Device => _args.UseCpu ? CPU : ComputeDevice.Of(Model);

    /// <summary>The stream of random numbers.</summary>
    public RandomState Random { get; private set; }

    /// <summary>Provides a run with a model that no other run has trained: replaces the model, unless it is new.</summary>
    public void Renew()
    {
        if (!_isNew)
        {
            Model.Dispose();
            (Model, Random) = Create();
        }
        _isNew = false;
    }

    private (nn.Module<Batch, ModelOutput> Model, RandomState Random) Create()
    {
        var random = new RandomState(_args.ResolvedSeed);
        using var use = random.Use();
        using var turn = RandomState.TakeTurn();
        var model = _create();
        if (!_args.UseCpu)
            random.Include(RandomGenerator.Of(ComputeDevice.Of(model)));
        ITrainableModel.Of(model).Config?.Set("use_cache", JsonValue.Create(_args.UseCache));
        return (model, random);
    }
}
