namespace Microsoft.ML.HfTrainer.Tests.Training.Search;

/// <summary>A search whose trials are a function of their parameters, so that samplers and pruners can be tried on many.</summary>
internal static class Experiment
{
    public static SearchStudy Run(ISearchSampler sampler, Func<Trial, double> objective, int trials, SearchDirection direction = SearchDirection.Minimize, SearchStudy? study = null)
    {
        study ??= SearchStudy.Open(null, direction);
        for (var number = study.Trials.Count; number < trials && sampler.HasMore(study); number++)
        {
            var result = study.Begin(number);
            var trial = new Trial(number, new TrainingArguments(), (name, distribution) =>
            {
                var value = distribution.ValueOf(sampler.Sample(study, result, name, distribution));
                study.Chose(result, name, distribution, value);
                return value;
            });
            study.End(result, TrialStatus.Complete, objective(trial));
        }
        return study;
    }

    /// <summary>What a study chose, a line for each trial.</summary>
    public static List<string> Choices(this SearchStudy study) =>
        [.. study.Trials.Select(trial => string.Join(' ', trial.Parameters.Select(p => FormattableString.Invariant($"{p.Key}={p.Value}"))))];

    /// <summary>A trial of a study that has reported and perhaps ended.</summary>
    public static TrialResult Add(this SearchStudy study, TrialStatus status, params (int Step, double Objective)[] reports)
    {
        var trial = study.Begin(study.Trials.Count);
        foreach (var (step, objective) in reports)
            study.Report(trial, step, objective);
        if (status != TrialStatus.Running)
            study.End(trial, status, reports.Length > 0 ? reports[^1].Objective : null);
        return trial;
    }
}
