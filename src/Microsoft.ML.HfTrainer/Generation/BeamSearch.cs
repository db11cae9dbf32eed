using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation;

/// <summary>
/// Beam search: of each text the best unfinished sequences are continued, and the best finished ones are kept. With sampling, continuations are drawn by their probabilities.
/// </summary>
internal sealed class BeamSearch
{
    private readonly GenerationTask _task;
    private readonly int _beams, _candidates, _texts;
    private readonly BeamRules _rules;

    private BeamSearch(GenerationTask task)
    {
        (_task, _beams, _texts) = (task, task.Config.NumBeams!.Value, task.Rows.Count);
        // So many that unfinished ones for all beams are among them, even if each beam could end in every end-of-sequence token.
        _candidates = Math.Max(2, 1 + task.EndTokens.Count) * _beams;
        _rules = new BeamRules(_beams, task.Config.EarlyStopping ?? EarlyStopping.False, task.Config.LengthPenalty ?? 1, task.PromptLength, task.MaxLength);
    }

    public static GenerationOutput Run(GenerationTask task) => new BeamSearch(task).Run();

    private GenerationOutput Run()
    {
        using var scope = NewDisposeScope();
        var rows = _task.Rows;
        var logits = _task.Begin(_beams);
        var texts = Enumerable.Range(0, _texts).Select(text => new TextBeams(_rules, rows[text * _beams].ToArray())).ToList();
        while (true)
        {
            using (NewDisposeScope())
            {
                var scores = _task.Process(logits, nn.functional.log_softmax(logits, -1));
                var (parents, tokens, goesOn) = Step(texts, scores);
                Advance(parents, tokens);
                if (!goesOn)
                    break;
            }
            logits.Dispose();
            logits = _task.Continue();
        }
        var best = texts.SelectMany(text => text.Finished.Take(_task.Config.NumReturnSequences ?? 1)).ToList();
        return _task.Output([.. best.Select(sequence => sequence.Ids)], Filling, [.. best.Select(sequence => sequence.Score)]).MoveToOuterDisposeScope();
    }

    // Hugging Face takes a padding token of id 0 for none here.
    private int Filling => _task.Config.PadTokenId is { } padding && (padding != 0 || _task.EndTokens.Count == 0) ? padding : _task.EndTokens.Count > 0 ? _task.EndTokens[0] : _task.Padding;

    // Returns which beam each beam goes on from, with which token, and whether the search goes on.
    private (int[] Parents, int[] Tokens, bool GoesOn) Step(List<TextBeams> texts, Tensor scores)
    {
        var vocabulary = scores.shape[1];
        var running = tensor(texts.SelectMany(text => text.Running).ToArray(), device: scores.device).unsqueeze(1);
        var (values, indices) = Best((scores + running).view(_texts, -1));
        var count = indices.Length / _texts;
        var (parents, tokens) = (new int[_texts * _beams], new int[_texts * _beams]);
        var (improvable, open, valid) = (false, false, false);
        for (var text = 0; text < _texts; text++)
        {
            var candidates = new Candidate[count];
            for (var i = 0; i < count; i++)
            {
                var index = indices[text * count + i];
                var (beam, token) = ((int)(index / vocabulary), (int)(index % vocabulary));
                int[] ids = [.. _task.Rows[text * _beams + beam], token];
                candidates[i] = new Candidate(beam, token, values[text * count + i], ids, _task.IsFinished(ids));
            }
            var kept = texts[text].Continue(candidates);
            for (var beam = 0; beam < _beams; beam++)
                (parents[text * _beams + beam], tokens[text * _beams + beam]) = (text * _beams + kept[beam].Beam, kept[beam].Token);
            improvable |= texts[text].IsImprovable;
            open |= !texts[text].IsFull;
            valid |= candidates.Any(candidate => !candidate.IsFinished);
        }
        return (parents, tokens, improvable && (open || _rules.EarlyStopping != EarlyStopping.True) && valid);
    }

    private (float[] Values, long[] Indices) Best(Tensor scores)
    {
        Tensor values, indices;
        var count = (int)Math.Min(_candidates, scores.shape[1]);
        if (_task.Config.DoSample == true)
        {
            indices = multinomial(nn.functional.softmax(scores, -1), count, generator: _task.Options.Generator);
            (values, var order) = scores.gather(1, indices).sort(-1, descending: true);
            indices = indices.gather(1, order);
        }
        else
        {
            (values, indices) = scores.topk(count);
        }
        return (values.cpu().contiguous().data<float>().ToArray(), indices.cpu().contiguous().data<long>().ToArray());
    }

    private void Advance(int[] parents, int[] tokens)
    {
        if (parents.Where((parent, row) => parent != row).Any())
        {
            var index = tensor(Array.ConvertAll(parents, parent => (long)parent), device: _task.Device);
            _task.Scorer.Reorder(index);
            _task.Rows.Reorder(parents, index);
        }
        _task.Rows.Append(tensor(Array.ConvertAll(tokens, token => (long)token), device: _task.Device), tokens);
    }
}

/// <summary>What beams are ranked and ended by.</summary>
/// <param name="Beams">The number of beams of a text.</param>
/// <param name="EarlyStopping">When a text with enough finished sequences is done.</param>
/// <param name="LengthPenalty">The exponent of the length.</param>
/// <param name="PromptLength">The number of tokens that do not count.</param>
/// <param name="MaxLength">The number of tokens at which every sequence ends.</param>
internal sealed record BeamRules(int Beams, EarlyStopping EarlyStopping, double LengthPenalty, int PromptLength, int MaxLength)
{
    /// <summary>Returns the score of a sequence by which finished sequences are compared.</summary>
    /// <param name="logProbability">The sum of the log probabilities of its tokens.</param>
    /// <param name="length">Its number of tokens, prompt included.</param>
    public float Score(float logProbability, int length) => logProbability / (float)Math.Pow(length - PromptLength, LengthPenalty);

    /// <summary>Returns the best score that a beam may still reach.</summary>
    public float BestPossible(float logProbability, int length) => Score(logProbability, EarlyStopping == EarlyStopping.Never && LengthPenalty > 0 ? MaxLength : length);
}

/// <summary>A sequence that a beam may go on with.</summary>
/// <param name="Beam">The beam.</param>
/// <param name="Token">Its next token.</param>
/// <param name="LogProbability">The sum of the log probabilities of its tokens.</param>
/// <param name="Ids">Its tokens.</param>
/// <param name="IsFinished">true if it ends with that token.</param>
internal readonly record struct Candidate(int Beam, int Token, float LogProbability, int[] Ids, bool IsFinished);

/// <summary>The beams of one text.</summary>
internal sealed class TextBeams
{
    // The score of what cannot be chosen, as in Hugging Face Transformers.
    private const float Hidden = -1e9f;

    private readonly BeamRules _rules;

    public TextBeams(BeamRules rules, int[] prompt)
    {
        _rules = rules;
        // All beams are alike at first, so only one counts.
        Running = [.. Enumerable.Range(0, rules.Beams).Select(beam => beam == 0 ? 0 : Hidden)];
        Finished = [.. Enumerable.Repeat(new FinishedSequence(prompt, Hidden, IsReal: false), rules.Beams)];
    }

    /// <summary>The log probability of each beam.</summary>
    public float[] Running { get; private set; }

    /// <summary>The best finished sequences, the best first.</summary>
    public IReadOnlyList<FinishedSequence> Finished { get; private set; }

    /// <summary>true if a beam may become better than the worst finished sequence.</summary>
    public bool IsImprovable { get; private set; } = true;

    /// <summary>true if as many sequences have finished as there are beams.</summary>
    public bool IsFull => Finished.All(sequence => sequence.IsReal);

    /// <summary>Goes on with the best unfinished candidates, and keeps the best finished ones.</summary>
    /// <param name="candidates">The candidates, the best first.</param>
    /// <returns>The candidates that the beams go on with.</returns>
    public Candidate[] Continue(Candidate[] candidates)
    {
        var running = candidates.Select(candidate => (Candidate: candidate, Score: candidate.LogProbability + (candidate.IsFinished ? Hidden : 0)))
            .OrderByDescending(beam => beam.Score).Take(_rules.Beams).ToArray();
        // Candidates beyond the number of beams are there for beams to go on with, not to end.
        if (IsImprovable && !(IsFull && _rules.EarlyStopping == EarlyStopping.True))
            Finished = [.. Finished.Concat(candidates.Take(_rules.Beams).Where(candidate => candidate.IsFinished).Select(ToFinished)).OrderByDescending(sequence => sequence.Score).Take(_rules.Beams)];
        Running = [.. running.Select(beam => beam.Score)];
        var best = _rules.BestPossible(Running[0], candidates[0].Ids.Length);
        var worst = Finished.Min(sequence => sequence.Score);
        IsImprovable &= Finished.Any(sequence => best > (sequence.IsReal ? worst : Hidden));
        return [.. running.Select(beam => beam.Candidate)];
    }

    private FinishedSequence ToFinished(Candidate candidate) => new(candidate.Ids, _rules.Score(candidate.LogProbability, candidate.Ids.Length), IsReal: true);
}

/// <summary>A sequence that has ended.</summary>
/// <param name="Ids">Its tokens.</param>
/// <param name="Score">Its score.</param>
/// <param name="IsReal">false if it only holds a place.</param>
internal sealed record FinishedSequence(int[] Ids, float Score, bool IsReal);
