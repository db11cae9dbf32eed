namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// An independent stream of random numbers, as a run has one. libtorch's operators draw from generators of the process, of which there is one for each device, so streams take turns: within
/// its turn a stream is what the generators continue. Several runs may therefore draw at the same time, each the numbers that it draws alone.
/// </summary>
/// <remarks>
/// Between two turns the generators stay where they are until another stream needs them, so that code of the user (a callback, a dataset) continues the stream of a run that is alone.
/// When no stream is in use, they continue as if nothing had been drawn.
/// </remarks>
internal sealed class RandomState
{
    [ThreadStatic]
    private static RandomState? _ofThread;

    private readonly long _seed;
    private readonly List<RandomGenerator> _generators = [];
    private readonly Dictionary<RandomGenerator, byte[]> _positions = [];
    private int _uses;

    /// <summary>Creates a stream of the CPU's generator.</summary>
    public RandomState(long seed) : this(seed, [RandomGenerator.Cpu])
    {
    }

    /// <summary>Creates a stream of several generators, all from one seed.</summary>
    public RandomState(long seed, IEnumerable<RandomGenerator> generators)
    {
        _seed = seed;
        Include(generators);
        Captured = Positions();
    }

    /// <summary>The positions that were recorded last, for a checkpoint.</summary>
    public GeneratorStates Captured { get; private set; }

    /// <summary>The positions at the beginning of the current epoch, from which the order of the epoch is drawn again; null between epochs.</summary>
    public GeneratorStates? EpochStart { get; private set; }

    /// <summary>Adds generators to the stream, at the position of its seed; those that it has keep theirs.</summary>
    public void Include(IEnumerable<RandomGenerator> generators)
    {
        foreach (var generator in generators.Where(g => !_positions.ContainsKey(g)))
        {
            _positions.Add(generator, generator.Seeded(_seed));
            _generators.Add(generator);
        }
    }

    /// <summary>Makes this the stream of the thread until the result is disposed on it.</summary>
    public IDisposable Use() => new Usage(this);

    /// <summary>Waits for the turn of the thread's stream, and lets the generators continue it; the turn ends when the result is disposed. Does nothing on a thread without a stream.</summary>
    public static Turn TakeTurn() => _ofThread?.Take() ?? default;

    /// <summary>Draws what a function draws from a stream of its own.</summary>
    public static T Draw<T>(long seed, Func<T> draw)
    {
        using var use = new RandomState(seed).Use();
        using var turn = TakeTurn();
        return draw();
    }

    /// <summary>Records the current positions.</summary>
    public void Capture() => Captured = Read();

    /// <summary>Records the beginning of an epoch.</summary>
    public void BeginEpoch() => EpochStart = Read();

    /// <summary>Records the end of the epoch.</summary>
    public void EndEpoch() => EpochStart = null;

    /// <summary>Returns the names of the generators whose positions were not saved.</summary>
    public IEnumerable<string> MissingIn(GeneratorStates saved) => _generators.Where(g => saved.Find(g) is null).Select(g => g.Name);

    /// <summary>Continues from saved positions; a generator whose position was not saved keeps its own.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a state of the generator.</exception>
    public void Restore(GeneratorStates saved)
    {
        using var turn = Take();
        foreach (var generator in _generators)
        {
            if (saved.Find(generator) is not { } state)
                continue;
            if (state.Length != generator.State.Length)
                throw new InvalidDataException($"The random state '{generator.Name}' has {state.Length} bytes; it should have {generator.State.Length}.");
            generator.State = state;
        }
        Captured = GeneratorStates.Of(_generators);
    }

    private GeneratorStates Read()
    {
        using var turn = Take();
        return GeneratorStates.Of(_generators);
    }

    // Only while the stream is not what the generators continue.
    private GeneratorStates Positions() => GeneratorStates.From(_positions.Select(p => KeyValuePair.Create(p.Key.Name, p.Value)));

    private Turn Take()
    {
        var turn = GeneratorTurns.Begin();
        Continue(this, _generators);
        return turn;
    }

    // Lets generators continue a stream, or that of the process.
    private static void Continue(RandomState? stream, IEnumerable<RandomGenerator> generators)
    {
        foreach (var generator in generators.Where(g => g.Owner != stream))
        {
            var (position, next) = (generator.State, stream is null ? generator.ProcessState! : stream._positions[generator]);
            if (generator.Owner is { } owner)
                owner._positions[generator] = position;
            else
                generator.ProcessState = position;
            (generator.State, generator.Owner) = (next, stream);
        }
    }

    private sealed class Usage : IDisposable
    {
        private readonly RandomState _stream;
        private readonly RandomState? _outer = _ofThread;

        public Usage(RandomState stream)
        {
            using var turn = stream.Take();
            stream._uses++;
            _ofThread = _stream = stream;
        }

        // The generators go back to the stream that was in use before, if it still is.
        public void Dispose()
        {
            _ofThread = _outer;
            using var turn = GeneratorTurns.Begin();
            if (--_stream._uses > 0)
                return;
            foreach (var generator in _stream._generators.Where(g => g.Owner == _stream))
                Continue(_outer is { _uses: > 0 } && _outer._generators.Contains(generator) ? _outer : null, [generator]);
            _stream.Captured = _stream.Positions();
        }
    }
}
