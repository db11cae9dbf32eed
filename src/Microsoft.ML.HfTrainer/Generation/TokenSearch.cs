using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation;

/// <summary>Takes the most probable token at each step, or one that is drawn at random.</summary>
internal static class TokenSearch
{
    public static GenerationOutput Run(GenerationTask task)
    {
        using var scope = NewDisposeScope();
        var rows = task.Rows;
        var next = task.Begin(task.Config.DoSample == true ? task.Config.NumReturnSequences ?? 1 : 1);
        var ends = new int?[rows.Count];
        Tensor? isFinished = null;
        while (true)
        {
            using (var step = NewDisposeScope())
            {
                var tokens = Choose(task, task.Process(next, next));
                if (isFinished is not null)
                    tokens = tokens.masked_fill(isFinished, task.Padding);
                var known = TokenRows.ToHost(tokens);
                rows.Append(tokens, known);
                task.Options.OnTokens?.Invoke(known);
            }
            next.Dispose();
            if (End(task, ends))
            {
                isFinished?.Dispose();
                isFinished = tensor(Array.ConvertAll(ends, end => end is not null), device: task.Device);
            }
            if (ends.All(end => end is not null))
                break;
            next = task.Continue();
        }
        return task.Output([.. ends.Select((end, row) => rows[row][..end!.Value].ToArray())], task.Padding).MoveToOuterDisposeScope();
    }

    private static Tensor Choose(GenerationTask task, Tensor scores) => task.Config.DoSample == true
        ? multinomial(nn.functional.softmax(scores, -1), 1, generator: task.Options.Generator).select(1, 0)
        : scores.argmax(-1);

    // Notes the lengths of rows that have ended, and returns true if there are any.
    private static bool End(GenerationTask task, int?[] ends)
    {
        var ended = false;
        for (var row = 0; row < ends.Length; row++)
        {
            if (ends[row] is not null || !task.IsFinished(task.Rows[row]))
                continue;
            ends[row] = task.Rows.Length;
            ended = true;
        }
        return ended;
    }
}
