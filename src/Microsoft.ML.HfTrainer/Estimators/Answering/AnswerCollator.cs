namespace Microsoft.ML.HfTrainer.Estimators.Answering;

/// <summary>Pads windows on the right, so that the first score of a row is that of its first token, and leaves out what only metrics read.</summary>
internal sealed class AnswerCollator(HfTokenizer tokenizer) : IDataCollator
{
    private static readonly string[] _forMetrics = [AnswerRows.Row, AnswerRows.Offsets, AnswerRows.Context, AnswerRows.Answers];

    private readonly DataCollatorWithPadding _padding = tokenizer is { PaddingSide: Side.Left, PadTokenId: { } pad } ? new(pad, tokenizer.PadTokenTypeId) : new(tokenizer);

    public HfTokenizer? Tokenizer => tokenizer;

    public IReadOnlyCollection<string> InputNames => _forMetrics;

    public Batch Collate(IReadOnlyList<Example> examples) =>
        _padding.Collate([.. examples.Select(example => new Example(example.Where(feature => !_forMetrics.Contains(feature.Key))) { Origin = example.Origin })]);
}
