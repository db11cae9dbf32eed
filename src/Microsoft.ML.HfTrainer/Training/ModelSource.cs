using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The model of a trainer and its stream of random numbers. Training continues the stream that the model was created from.</summary>
internal sealed class ModelSource : IDisposable
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

    /// <summary>The stream of random numbers.</summary>
    public RandomState Random { get; private set; }

    /// <summary>Provides a run with a model that no other run has trained: replaces the model, unless it is new.</summary>
    public void Renew()
    {
        if (!_isNew)
        {
            Model.Dispose();
            Random.Dispose();
            (Model, Random) = Create();
        }
        _isNew = false;
    }

    /// <summary>Frees the stream; the model stays.</summary>
    public void Dispose() => Random.Dispose();

    private (nn.Module<Batch, ModelOutput> Model, RandomState Random) Create()
    {
        var random = new RandomState(_args.ResolvedSeed);
        using var use = random.Use();
        var model = _create();
        ITrainableModel.Of(model).Config?.Set("use_cache", JsonValue.Create(_args.UseCache));
        return (model, random);
    }
}
