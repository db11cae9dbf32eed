using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native.MlNet;
using Microsoft.ML.HfTrainer.Tests.Estimators.Tasks;
using static TorchSharp.torch;

[assembly: SavedTransformer<AdaptedTransformer>(DomainAdaptationTask.LoaderName)]

namespace Microsoft.ML.HfTrainer.Tests.Estimators.Tasks;

internal sealed class DomainAdaptationOptions : HfTrainerOptions;

/// <summary>Trains a masked language model on two texts a row: two token sets, no label, and a collator that masks.</summary>
internal sealed class DomainAdaptationEstimator(MLContext ml, DomainAdaptationOptions options) : HfEstimator<AdaptedTransformer>(MlHost.For(ml, "Adaptation"), options)
{
    private protected override void CheckInput(SchemaShape shape)
    {
        TokenColumns.Check(Host, shape, DomainAdaptationTask.First);
        TokenColumns.Check(Host, shape, DomainAdaptationTask.Second);
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShapes(SchemaShape input) =>
        [SchemaShapes.Column("Surprise", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single)];

    private protected override TrainingSetup Setup(DataViewSchema schema) =>
        new(new DomainAdaptationTask()) { Collator = (_, tokenizer) => new DataCollatorForLanguageModeling(tokenizer) };

    private protected override AdaptedTransformer Create(HfTask task, TrainedModel trained) => new(Host, task, trained);
}

internal sealed class AdaptedTransformer(MlHost host, HfTask task, TrainedModel trained) : HfTransformer(host, task, trained), ISavedTransformer<AdaptedTransformer>
{
    static ArchiveFormat ISavedTransformer<AdaptedTransformer>.Format => DomainAdaptationTask.Archive;

    static AdaptedTransformer ISavedTransformer<AdaptedTransformer>.Read(MlHost host, ArchiveReader archive) =>
        new(host, new DomainAdaptationTask(), TrainedModel.Read(host, archive, ModelHead.MaskedLM));
}

// The result is the mean surprise of the tokens that are there.
internal sealed class DomainAdaptationTask : HfTask<float>
{
    public const string LoaderName = "HfTestAdaptation", First = "Asked", Second = "Context";

    public static ArchiveFormat Archive { get; } = new("HFTSTMLM", LoaderName, 1);

    public override ModelHead Head => ModelHead.MaskedLM;

    public override TaskInputs Inputs { get; } = new([new TokenInput(First), new TokenInput(Second)], []);

    public override ArchiveFormat Format => Archive;

    public override IReadOnlyList<TaskPart> Split(TaskRow row) => [.. row.Tokens.Select(tokens => new TaskPart(tokens.ToExample()))];

    public override float[] Predict(TrainedModel trained, Batch batch)
    {
        var (ids, mask) = (batch.Get("input_ids"), batch.Get("attention_mask"));
        var surprise = -nn.functional.log_softmax(trained.Model.call(batch).Logits, -1).gather(-1, ids.unsqueeze(-1)).squeeze(-1) * mask;
        return (surprise.sum(-1) / mask.sum(-1)).cpu().data<float>().ToArray();
    }

    public override float Join(TaskRow row, IReadOnlyList<(TaskPart Part, float Result)> parts) => parts.Average(part => part.Result);

    public override IReadOnlyList<OutputColumn<float>> Outputs(DataViewSchema input) => [OutputColumn<float>.Scalar(new("Surprise", NumberDataViewType.Single), result => result)];

    public override void Write(ArchiveWriter archive)
    {
    }
}
