using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Metrics.Classification;

/// <summary>The counts of every class that occurred.</summary>
internal sealed class ClassCounts
{
    private readonly Dictionary<int, HitCount> _byClass = [];

    /// <summary>The number of predictions.</summary>
    public long Total { get; private set; }

    /// <summary>The classes that occurred as a label or a prediction, in ascending order.</summary>
    public IEnumerable<int> Classes => _byClass.Keys.Order();

    public IReadOnlyCollection<HitCount> All => _byClass.Values;

    public HitCount this[int @class] => _byClass.GetValueOrDefault(@class);

    public void Add(int predicted, int label)
    {
        Total++;
        if (predicted == label)
        {
            Count(label, new(1, 1, 1));
            return;
        }
        Count(predicted, new(0, 1, 0));
        Count(label, new(0, 0, 1));
    }

    public void Clear()
    {
        Total = 0;
        _byClass.Clear();
    }

    private void Count(int @class, HitCount more)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_byClass, @class, out _);
        count += more;
    }
}
