using Microsoft.ML.HfTrainer.Estimators.Evaluation;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer;

public sealed partial class HfTrainerCatalog
{
    /// <summary>Evaluates the tags of words, or the named entities, that a <see cref="TokenClassificationTransformer"/> has predicted.</summary>
    /// <param name="data">The data, with labels and predictions.</param>
    /// <param name="labelColumnName">The name of the label column, a vector of keys or text: the tag of each word, or the type of each entity. A missing tag counts as <c>O</c>.</param>
    /// <param name="predictedLabelColumnName">The name of the column of predicted tags, a vector of keys or text. It is not read if the labels are types of entities.</param>
    /// <param name="entityStartColumnName">If the labels are types of entities, the name of the column of their starts, a vector of Int32; null if the labels are tags of words.</param>
    /// <param name="entityEndColumnName">If the labels are types of entities, the name of the column of their ends (exclusive), a vector of Int32; null if the labels are tags of words.</param>
    /// <param name="entityColumnPrefix">The prefix of the names of the columns of predicted entities, <see cref="TokenClassificationOptions.EntityColumnPrefix"/>.</param>
    /// <exception cref="ArgumentException">Only one of <paramref name="entityStartColumnName"/> and <paramref name="entityEndColumnName"/> is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidDataException">The vectors of a row have different numbers of values.</exception>
    public TokenClassificationMetrics EvaluateTokenClassification(
        IDataView data, string labelColumnName = "Label", string predictedLabelColumnName = "PredictedLabel", string? entityStartColumnName = null,
        string? entityEndColumnName = null, string entityColumnPrefix = "Entity") => (entityStartColumnName, entityEndColumnName) switch
        {
            (null, null) => TaskEvaluation.Words(Evaluated(data), labelColumnName, predictedLabelColumnName),
            ({ } start, { } end) => TaskEvaluation.Entities(Evaluated(data), labelColumnName, start, end, entityColumnPrefix),
            _ => throw new ArgumentException("Only one of entityStartColumnName and entityEndColumnName is given; give both for labels of entities, none for labels of words."),
        };

    /// <summary>Evaluates predictions of several classes at once, such as those of a <see cref="SequenceClassificationTransformer"/>.</summary>
    /// <param name="data">The data, with labels and predictions.</param>
    /// <param name="labelColumnName">The name of the label column: vectors of Boolean, or of Single 0 and 1.</param>
    /// <param name="predictedLabelColumnName">The name of the column of predicted labels: vectors of Boolean, or of Single 0 and 1, of the same size.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidDataException">A row has different numbers of labels and predictions, or a value is neither 0 nor 1.</exception>
    public MultiLabelMetrics EvaluateMultiLabel(IDataView data, string labelColumnName = "Label", string predictedLabelColumnName = "PredictedLabel") =>
        TaskEvaluation.Decisions(Evaluated(data), labelColumnName, predictedLabelColumnName);

    /// <summary>Evaluates answers to questions, such as those of a <see cref="QuestionAnsweringTransformer"/>.</summary>
    /// <param name="data">The data, with right and predicted answers.</param>
    /// <param name="answerColumnName">The name of the column of right answers: text, or a vector of text if there are several right answers. An empty text or vector means that there is no answer.</param>
    /// <param name="predictedAnswerColumnName">The name of the column of predicted answers: text, or a vector of text with the best answer first.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public QuestionAnsweringMetrics EvaluateQuestionAnswering(IDataView data, string answerColumnName = "Answer", string predictedAnswerColumnName = "PredictedAnswer") =>
        TaskEvaluation.Answers(Evaluated(data), answerColumnName, predictedAnswerColumnName);

    /// <summary>Evaluates generated texts, such as those of a <see cref="Seq2SeqTransformer"/>.</summary>
    /// <param name="data">The data, with target texts and generated ones.</param>
    /// <param name="targetColumnName">The name of the column of targets: text, or a vector of text if there are several right ones.</param>
    /// <param name="generatedTextColumnName">The name of the column of generated texts: text, or a vector of text with the best one first.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidDataException">A row has no target text.</exception>
    public TextGenerationMetrics EvaluateTextGeneration(IDataView data, string targetColumnName = "Target", string generatedTextColumnName = "GeneratedText") =>
        TaskEvaluation.Texts(Evaluated(data), targetColumnName, generatedTextColumnName);

    /// <summary>Evaluates the scores of pairs of texts, such as those of a <see cref="SentenceSimilarityTransformer"/>, by their correlation with the labels.</summary>
    /// <param name="data">The data, with labels and scores.</param>
    /// <param name="labelColumnName">The name of the column of labels: numbers, or Booleans.</param>
    /// <param name="scoreColumnName">The name of the column of scores.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SentenceSimilarityMetrics EvaluateSentenceSimilarity(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score") =>
        TaskEvaluation.Scores(Evaluated(data), labelColumnName, scoreColumnName);

    private EvaluatedRows Evaluated(IDataView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new(new RowSource(MlHost.For(_mlContext, "Evaluate")), data);
    }
}
