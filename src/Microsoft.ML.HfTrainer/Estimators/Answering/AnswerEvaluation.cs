namespace Microsoft.ML.HfTrainer.Estimators.Answering;

/// <summary>The metrics of SQuAD over whole contexts, from the scores of windows that <see cref="AnswerRows.OfValidation"/> made.</summary>
/// <param name="finder">Chooses the answers.</param>
internal sealed class AnswerEvaluation(AnswerFinder finder)
{
    public IReadOnlyDictionary<string, double> Compute(EvalPrediction prediction)
    {
        var dataset = prediction.Dataset ?? throw new InvalidOperationException("The metrics of answers need the dataset that the predictions are of.");
        ITextMetric metric = finder.AllowNoAnswer ? new SquadV2Metric() : new SquadMetric();
        var width = (int)prediction.Predictions.shape[1];
        var (starts, ends) = (prediction.AllPredictions[0].data<float>().ToArray(), prediction.AllPredictions[1].data<float>().ToArray());
        var (windows, first) = (new List<AnswerWindow>(), dataset[0]);
        for (var i = 0; i < Math.Min(dataset.Count, prediction.Predictions.shape[0]); i++)
        {
            var example = dataset[i];
            if (example.GetInteger(AnswerRows.Row) != first.GetInteger(AnswerRows.Row))
            {
                Add(metric, first, windows);
                first = example;
                windows.Clear();
            }
            windows.Add(AnswerPlace.ToWindow(starts.AsMemory(i * width, width), ends.AsMemory(i * width, width), example[AnswerRows.Offsets].Integers.Span));
        }
        Add(metric, first, windows);
        return metric.Compute();
    }

    private void Add(ITextMetric metric, Example first, List<AnswerWindow> windows) =>
        metric.Add(finder.Find(first.GetText(AnswerRows.Context), windows).Best?.Text ?? "", first[AnswerRows.Answers].Texts);
}
