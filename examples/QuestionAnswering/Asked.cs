using Microsoft.ML.Data;

namespace QuestionAnswering;

/// <summary>A row of the data: a question and a text that contains the answer.</summary>
internal sealed class Asked
{
    [LoadColumn(0)]
    public string Question { get; set; } = "";

    [LoadColumn(1)]
    public string Context { get; set; } = "";

    [LoadColumn(2)]
    public string Answer { get; set; } = "";

    /// <summary>The position in the context at which the answer starts, in characters.</summary>
    [LoadColumn(3)]
    public int AnswerIndex { get; set; }
}

/// <summary>The answers to a question, the best one first.</summary>
internal sealed class Answered
{
    public string[] PredictedAnswer { get; set; } = [];

    public float[] Score { get; set; } = [];

    /// <summary>The position in the context at which each answer starts.</summary>
    public int[] AnswerStart { get; set; } = [];
}
