using System.Diagnostics;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation;

/// <summary>What a search for sequences works with.</summary>
internal sealed class GenerationTask
{
    private readonly List<Tensor>? _scores, _logits;
    private readonly long _begun = Stopwatch.GetTimestamp();

    public GenerationTask(GenerationConfig config)
    {
        Config = config;
        _scores = config.OutputScores == true ? [] : null;
        _logits = config.OutputLogits == true ? [] : null;
    }

    /// <summary>The settings, of which those that nobody has set are null.</summary>
    public GenerationConfig Config { get; }

    /// <summary>The model.</summary>
    public required TokenScorer Scorer { get; init; }

    /// <summary>The prompt of a causal model, or the start of the target.</summary>
    public required TokenRows Rows { get; init; }

    /// <summary>The number of tokens of each row at the beginning.</summary>
    public required int PromptLength { get; init; }

    /// <summary>The number of tokens at which every sequence ends.</summary>
    public required int MaxLength { get; init; }

    /// <summary>The criteria that end sequences earlier.</summary>
    public required IReadOnlyList<StoppingCriterion> Criteria { get; init; }

    /// <summary>Creates the processors for a size of the vocabulary.</summary>
    public required Func<long, IReadOnlyList<LogitsProcessor>> CreateProcessors { get; init; }

    /// <summary>What the caller has given besides the settings.</summary>
    public required GenerationOptions Options { get; init; }

    /// <summary>Ends the search.</summary>
    public required CancellationToken Cancellation { get; init; }

    /// <summary>The processors; known after <see cref="Begin"/>.</summary>
    public IReadOnlyList<LogitsProcessor> Processors { get; private set; } = [];

    /// <summary>The device of the model.</summary>
    public Device Device => Rows.Ids.device;

    /// <summary>The number of end-of-sequence tokens.</summary>
    public IReadOnlyList<int> EndTokens => Config.EosTokenIds ?? [];

    /// <summary>What rows that have ended are filled with.</summary>
    public int Padding => Config.PadTokenId ?? (EndTokens.Count > 0 ? EndTokens[0] : 0);

    /// <summary>Reads the prompt and makes each row several rows. What the model and the processors hold from then on belongs to the current dispose scope.</summary>
    /// <returns>The logits of the first new token, <c>[rows · <paramref name="times"/>, vocabulary]</c>.</returns>
    public Tensor Begin(int times)
    {
        var logits = Scorer.Next(Rows.Ids);
        Processors = CreateProcessors(logits.shape[1]);
        if (times == 1)
            return logits;
        Scorer.Repeat(times);
        Rows.Repeat(times);
        return logits.repeat_interleave(times, 0);
    }

    /// <summary>Returns the logits of the next token of each row.</summary>
    public Tensor Continue()
    {
        Cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        return Scorer.Next(Rows.Ids).MoveToOuterDisposeScope();
    }

    /// <summary>Returns the scores by which the next tokens are chosen.</summary>
    /// <param name="logits">The logits, which are kept if they are asked for.</param>
    /// <param name="scores">The scores before processing, which may be the logits. They may be changed.</param>
    public Tensor Process(Tensor logits, Tensor scores)
    {
        if (_logits is not null)
            _logits.Add(logits.clone().DetachFromDisposeScope());
        var ids = Rows.Ids;
        foreach (var processor in Processors)
            scores = processor.Process(ids, scores);
        if (_scores is not null)
            _scores.Add(scores.clone().DetachFromDisposeScope());
        return scores;
    }

    /// <summary>Returns true if a sequence that a token was added to has ended.</summary>
    public bool IsFinished(ReadOnlySpan<int> ids)
    {
        var finished = ids.Length >= MaxLength || Config.MaxTime is { } seconds && Stopwatch.GetElapsedTime(_begun).TotalSeconds > seconds;
        // Every criterion sees every token.
        foreach (var criterion in Criteria)
            finished |= criterion.IsFinished(ids);
        return finished;
    }

    /// <summary>Returns what was generated.</summary>
    /// <param name="rows">The tokens of each sequence without the padding after its end.</param>
    /// <param name="padding">What shorter ones are filled with.</param>
    /// <param name="scores">The scores of the sequences, or null.</param>
    public GenerationOutput Output(IReadOnlyList<int[]> rows, int padding, float[]? scores = null)
    {
        var length = rows.Max(row => row.Length);
        var sequences = new long[rows.Count * length];
        Array.Fill(sequences, padding);
        foreach (var (index, row) in rows.Index())
            for (var i = 0; i < row.Length; i++)
                sequences[index * length + i] = row[i];
        return new GenerationOutput(tensor(sequences, [rows.Count, length], device: Device), PromptLength, [.. rows.Select(row => row[PromptLength..])])
        {
            SequenceScores = scores is null ? null : tensor(scores, device: Device),
            Scores = Kept(_scores),
            Logits = Kept(_logits),
        };
    }

    /// <summary>Disposes what was kept of a search that failed.</summary>
    public void Abandon()
    {
        foreach (var tensor in (_scores ?? []).Concat(_logits ?? []))
            tensor.Dispose();
    }

    private static List<Tensor>? Kept(List<Tensor>? tensors)
    {
        using var scope = NewDisposeScope();
        foreach (var tensor in tensors ?? [])
        {
            scope.Attach(tensor);
            tensor.MoveToOuterDisposeScope();
        }
        return tensors;
    }
}
