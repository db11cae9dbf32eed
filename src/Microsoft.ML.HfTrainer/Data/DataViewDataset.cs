namespace Microsoft.ML.HfTrainer.Data;

/// <summary>
/// The rows of a data view as examples: read once, then kept in a few flat arrays. Attention masks and token types take memory only where they
/// say something.
/// </summary>
internal sealed class DataViewDataset : Dataset
{
    private readonly List<int> _ends = [];
    private readonly List<Feature> _labels = [];
    private readonly Pool _ids = new(0), _types = new(0), _masks = new(1);

    private DataViewDataset()
    {
    }

    public override int Count => _ends.Count;

    /// <summary>Token types are there for every example or, where all are 0, for none.</summary>
    public override Example this[int index]
    {
        get
        {
            var (start, end) = (index == 0 ? 0 : _ends[index - 1], _ends[index]);
            var example = new TokenSequence(_ids[start, end], _types[start, end], _masks[start, end]).ToExample(_types.IsUsed);
            example[Batch.Labels] = _labels[index];
            return example;
        }
    }

    /// <summary>Reads a data view to its end.</summary>
    /// <param name="cursor">Goes through the rows.</param>
    /// <param name="tokens">The tokens of the row that the cursor is at; it is given the row's number, from 1.</param>
    /// <param name="label">Its label.</param>
    public static DataViewDataset Read(DataViewRowCursor cursor, Func<long, TokenSequence> tokens, Func<long, Feature> label)
    {
        var dataset = new DataViewDataset();
        for (var row = 1L; cursor.MoveNext(); row++)
            dataset.Add(tokens(row), label(row));
        return dataset;
    }

    private void Add(TokenSequence tokens, Feature label)
    {
        var start = _ends.Count == 0 ? 0 : _ends[^1];
        var end = checked(start + tokens.Length);
        _ids.Put(tokens.Ids.Span, start, end);
        _types.Put(tokens.TypeIds.Span, start, end);
        _masks.Put(tokens.Mask.Span, start, end);
        _ends.Add(end);
        _labels.Add(label);
    }

    // One array over all rows, made when the first row has something to say; where none has, it holds the default.
    private sealed class Pool(int otherwise)
    {
        private int[] _values = [];

        public bool IsUsed => _values.Length > 0;

        public ReadOnlyMemory<int> this[int start, int end] => IsUsed ? _values.AsMemory(start, end - start) : default;

        public void Put(ReadOnlySpan<int> values, int start, int end)
        {
            if (values.IsEmpty && !IsUsed)
                return;
            if (end > _values.Length)
                Grow(end, start);
            if (values.IsEmpty)
                _values.AsSpan(start, end - start).Fill(otherwise);
            else
                values.CopyTo(_values.AsSpan(start));
        }

        private void Grow(int needed, int filled)
        {
            var wasUsed = IsUsed;
            Array.Resize(ref _values, (int)Math.Min(Math.Max(needed, _values.Length * 2L), Array.MaxLength));
            if (!wasUsed)
                _values.AsSpan(0, filled).Fill(otherwise);
        }
    }
}
