namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies what a classification head predicts, and so its loss (<c>problem_type</c>).</summary>
public enum ProblemType
{
    /// <summary>One class of several: cross-entropy over whole-number labels.</summary>
    SingleLabelClassification,

    /// <summary>Any number of classes at once: binary cross-entropy over labels <c>[batch, classes]</c> of 0 and 1.</summary>
    MultiLabelClassification,

    /// <summary>Numbers: mean squared error over labels <c>[batch]</c> or <c>[batch, outputs]</c>.</summary>
    Regression,
}
