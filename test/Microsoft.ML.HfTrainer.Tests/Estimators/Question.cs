namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>A row of two texts, as they are and split into words.</summary>
internal sealed class Question
{
    public string Asked { get; set; } = "";

    public string Context { get; set; } = "";

    public string[] AskedWords => Asked.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public string[] ContextWords => Context.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public float Number { get; set; }

    /// <summary>Rows whose contexts have from none to 24 tokens.</summary>
    public static List<Question> Some(int count = 9) => [.. Enumerable.Range(0, count).Select(i => new Question
    {
        Asked = "is the film good",
        Context = string.Join(' ', Enumerable.Repeat("the cast, was", i % 9)),
        Number = i,
    })];
}
