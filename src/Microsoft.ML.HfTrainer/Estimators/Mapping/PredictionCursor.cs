using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Data;

namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>
/// Reads rows ahead, runs them through the model in batches of similar length, and gives them back in their order, with the values of the other
/// columns as they were.
/// </summary>
internal sealed class PredictionCursor<TPrediction> : DataViewRowCursor
{
    private const int BatchesAhead = 16;

    private readonly DataViewRowCursor _input;
    private readonly PredictionMapper<TPrediction> _mapper;
    private readonly Func<TokenSequence> _readTokens;
    private readonly ColumnBuffer?[] _passed;
    private readonly Delegate?[] _added;
    private readonly ValueGetter<DataViewRowId> _readId;
    private readonly TokenSequence[] _tokens;
    private readonly TPrediction[] _predictions;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private int _count, _place = -1;
    private long _position = -1;
    private bool _ended;

    public PredictionCursor(DataViewRowCursor input, PredictionMapper<TPrediction> mapper, IReadOnlyList<DataViewSchema.Column> passed, bool[] active)
    {
        (_input, _mapper) = (input, mapper);
        var capacity = mapper.BatchSize * BatchesAhead;
        (_tokens, _predictions, _ids, _batches) = (new TokenSequence[capacity], new TPrediction[capacity], new DataViewRowId[capacity], new long[capacity]);
        _readTokens = mapper.TokenReader(input);
        _readId = input.GetIdGetter();
        _passed = new ColumnBuffer?[mapper.InputSchema.Count];
        foreach (var column in passed)
            _passed[column.Index] = ColumnBuffer.Of(input, column, capacity);
        _added = [.. active.Select((isActive, i) => isActive ? mapper.Getter(i, () => _predictions[Place()]) : null)];
    }

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override long Position => _position;

    public override long Batch => _position < 0 ? _input.Batch : _batches[_place];

    public override bool MoveNext()
    {
        if (_ended)
            return false;
        if (++_place == _count && !ReadAhead())
        {
            (_ended, _position) = (true, -1);
            return false;
        }
        _position++;
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        _mapper.Columns.AddedIndex(column) is >= 0 and var added ? _added[added] is not null : _passed[column.Index] is not null;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        Getters.As<TValue>(_mapper.Columns.AddedIndex(column) is >= 0 and var added ? _added[added] : _passed[column.Index]?.Getter(Place), column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[Place()];

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _input.Dispose();
        base.Dispose(disposing);
    }

    private bool ReadAhead()
    {
        var first = _position + 1;
        for (_count = 0; _count < _tokens.Length && _input.MoveNext(); _count++)
        {
            _tokens[_count] = _readTokens();
            _readId(ref _ids[_count]);
            _batches[_count] = _input.Batch;
            foreach (var column in _passed)
                column?.Keep(_count);
        }
        // Long rows first: if memory runs out, it does so at once.
        foreach (var places in Enumerable.Range(0, _count).OrderByDescending(place => _tokens[place].Length).Chunk(_mapper.BatchSize))
        {
            var predictions = _mapper.Predict(Array.ConvertAll(places, place => _tokens[place]), Array.ConvertAll(places, place => first + place + 1));
            for (var i = 0; i < places.Length; i++)
                _predictions[places[i]] = predictions[i];
        }
        _place = 0;
        return _count > 0;
    }

    private int Place() => _position >= 0 ? _place : throw new InvalidOperationException(
        "The cursor is before the first row or after the last one: call MoveNext first, and stop when it returns false.");
}
