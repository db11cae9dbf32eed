namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>Indicates whether <see cref="Seq2SeqTrainer"/> generates the target texts in evaluation and prediction, so that metrics receive token ids instead of logits. Default: false.</summary>
    public bool PredictWithGenerate { get; set; }

    /// <summary>
    /// Maximum number of tokens of a text that is generated because of <see cref="PredictWithGenerate"/>, start token included. If null, that of <see cref="GenerationConfig"/> or of the
    /// model. Default: null.
    /// </summary>
    public int? GenerationMaxLength { get; set; }

    /// <summary>
    /// Number of beams with which texts are generated because of <see cref="PredictWithGenerate"/>. If null, that of <see cref="GenerationConfig"/> or of the model. Default: null.
    /// </summary>
    public int? GenerationNumBeams { get; set; }

    /// <summary>
    /// Generation settings that replace those of the model in <see cref="Seq2SeqTrainer"/>, and are saved with it. In JSON and on a command line an object, a folder or an id on the hub.
    /// If null, the model keeps its own. Default: null.
    /// </summary>
    public GenerationConfig? GenerationConfig { get; set; }
}
