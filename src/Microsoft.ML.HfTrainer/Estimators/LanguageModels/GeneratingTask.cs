using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.LanguageModels;

/// <summary>A task that generates texts from the tokens of a row.</summary>
/// <param name="tokenPrefix">The prefix of the token columns.</param>
/// <param name="columns">The columns of generated texts.</param>
/// <param name="insteadOfPieces">What messages advise where texts are cut into several rows, for a task that cannot take them; null if it can.</param>
internal abstract class GeneratingTask(string tokenPrefix, GeneratedColumns columns, string? insteadOfPieces = null) : HfTask<GeneratedText>
{
    public sealed override TaskInputs Inputs { get; } = new(new TokenInput(tokenPrefix) { InsteadOfPieces = insteadOfPieces });

    public override GeneratedText[] Predict(TrainedModel trained, Batch batch) => columns.Generate(trained, batch);

    public sealed override IReadOnlyList<OutputColumn<GeneratedText>> Outputs(DataViewSchema input) => columns.Outputs();

    public sealed override void Write(ArchiveWriter archive)
    {
        archive.Write(tokenPrefix);
        columns.Write(archive);
    }
}
