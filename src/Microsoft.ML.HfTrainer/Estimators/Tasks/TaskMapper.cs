using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Mapping;

namespace Microsoft.ML.HfTrainer.Estimators.Tasks;

/// <summary>Runs a trained model.</summary>
internal interface IModelRunner
{
    /// <summary>The number of examples of a batch.</summary>
    int BatchSize { get; }

    /// <summary>Runs the model on a batch of examples. Any number of threads may call it at once.</summary>
    /// <param name="examples">At most <see cref="BatchSize"/> examples.</param>
    /// <param name="nameOf">Returns the name of the row that an example comes from, for messages.</param>
    /// <param name="run">Runs the model on the batch and returns a result for each example; tensors are freed afterwards.</param>
    TResult[] Predict<TResult>(IReadOnlyList<Example> examples, Func<int, string> nameOf, Func<TrainedModel, Batch, TResult[]> run);
}

/// <summary>Adds the columns of a task to data: in batches of similar length to the rows of a cursor, one by one to single rows.</summary>
internal sealed class TaskMapper<TResult>(
    HfTask<TResult> task, IModelRunner runner, TaskColumns columns, ModelCheck check, IReadOnlyList<OutputColumn<TResult>> outputs)
    : RowMapper(new AppendedSchema(columns.Schema, [.. outputs.Select(output => output.Column)]))
{
    // Room is made for all rows that may be read ahead, however large a batch may be.
    private const int BatchesAhead = 16, MaxRowsAhead = 1 << 16;

    public override IReadOnlyList<DataViewSchema.Column> Sources => columns.All;

    // A batch is computed on all cores already; parallel cursors would only wait for each other.
    public override bool AllowsParallelCursors => false;

    public override RowPass Begin(int cursors) => new Pass(this);

    private void Compute(ArraySegment<TaskRow> rows, TResult[] results)
    {
        var parts = new (TaskPart Part, TResult Result)[rows.Count][];
        var examples = new List<(Example Example, int Row, int Part)>(rows.Count);
        for (var row = 0; row < parts.Length; row++)
        {
            var own = task.Split(rows[row]);
            parts[row] = new (TaskPart, TResult)[own.Count];
            for (var part = 0; part < own.Count; part++)
            {
                check.CheckExample(own[part].Example, rows[row]);
                parts[row][part].Part = own[part];
                examples.Add((own[part].Example, row, part));
            }
        }
        // Long examples first: if memory runs out, it does so at once.
        foreach (var batch in examples.OrderByDescending(e => LengthOf(e.Example)).Chunk(runner.BatchSize))
        {
            var withTypes = Array.Exists(batch, e => TokenSequence.HasTypes(e.Example));
            foreach (var (example, _, _) in batch)
                TokenSequence.AddDefaults(example, withTypes);
            var found = runner.Predict(Array.ConvertAll(batch, e => e.Example), i => rows[batch[i].Row].Name, task.Predict);
            for (var i = 0; i < batch.Length; i++)
                parts[batch[i].Row][batch[i].Part].Result = found[i];
        }
        for (var row = 0; row < parts.Length; row++)
            results[row] = task.Join(rows[row], parts[row]);
    }

    private static int LengthOf(Example example) => example.TryGetValue("input_ids", out var ids) ? ids.Length : 0;

    private sealed class Pass(TaskMapper<TResult> mapper) : RowPass<TaskRow, TResult>
    {
        public override int RowsAhead => mapper.RowsAhead;

        public override Func<TaskRow> Reader(DataViewRow row) => mapper.Reader(row);

        public override bool AreSame(TaskRow one, TaskRow other) => one.ContentEquals(other);

        public override long SizeOf(TaskRow row) => row.Length;

        public override Delegate Getter(int added, Func<TResult> current) => mapper.Getter(added, current);

        public override void Compute(ArraySegment<TaskRow> rows, long first, TResult[] results) => mapper.Compute(rows, results);
    }

    private int RowsAhead => (int)Math.Min((long)runner.BatchSize * BatchesAhead, MaxRowsAhead);

    private Func<TaskRow> Reader(DataViewRow row) => columns.Reader(row);

    private Delegate Getter(int added, Func<TResult> current) => outputs[added].Getter(current);
}
