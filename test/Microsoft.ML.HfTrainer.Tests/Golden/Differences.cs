using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Collects what differs from golden data beyond a tolerance, so that a row reports all of it at once.</summary>
internal sealed class Differences
{
    private readonly List<string> _found = [];

    /// <summary>Notes a number that is further off than <c>absolute + relative·|expected|</c>. NaN and infinities have to be the same.</summary>
    public void Number(string name, double expected, double actual, double absolute, double relative = 0)
    {
        if (!(expected.Equals(actual) || Math.Abs(expected - actual) <= absolute + relative * Math.Abs(expected)))
            _found.Add(FormattableString.Invariant($"{name}: expected {expected:R}, was {actual:R} (off by {Math.Abs(expected - actual):G3})"));
    }

    /// <summary>Notes a tensor of which some element is off.</summary>
    public void Tensor(string name, GoldenTensor expected, GoldenTensor actual, double absolute, double relative = 0)
    {
        if (!expected.Shape.SequenceEqual(actual.Shape))
        {
            _found.Add($"{name}: expected the shape [{string.Join(", ", expected.Shape)}], was [{string.Join(", ", actual.Shape)}]");
            return;
        }
        var (worst, excess) = (-1, 0.0);
        for (var i = 0; i < expected.Values.Length; i++)
        {
            var off = Math.Abs((double)expected.Values[i] - actual.Values[i]) - absolute - relative * Math.Abs(expected.Values[i]);
            if (!expected.Values[i].Equals(actual.Values[i]) && !(off <= excess))
                (worst, excess) = (i, off);
        }
        if (worst >= 0)
            Number($"{name}, element {worst}", expected.Values[worst], actual.Values[worst], absolute, relative);
    }

    /// <summary>Notes a tensor of the library of which some element is off.</summary>
    public void Tensor(string name, GoldenTensor expected, Tensor actual, double absolute, double relative = 0) =>
        Tensor(name, expected, GoldenTensor.Of(actual), absolute, relative);

    /// <summary>Notes a value that is another.</summary>
    public void Same<T>(string name, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            _found.Add($"{name}: expected {expected?.ToString() ?? "null"}, was {actual?.ToString() ?? "null"}");
    }

    /// <summary>Notes the first place at which two lists differ.</summary>
    public void List<T>(string name, IReadOnlyList<T> expected, IReadOnlyList<T> actual)
    {
        var shared = Math.Min(expected.Count, actual.Count);
        for (var i = 0; i < shared; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(expected[i], actual[i]))
            {
                _found.Add($"{name}, entry {i}: expected {expected[i]}, was {actual[i]}");
                return;
            }
        }
        if (expected.Count != actual.Count)
            _found.Add($"{name}: expected {expected.Count} entries, was {actual.Count}; {(expected.Count > shared ? "missing" : "extra")}: {(expected.Count > shared ? expected[shared] : actual[shared])}");
    }

    /// <summary>Notes names that are on one side alone.</summary>
    public void Names(string name, IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (should, was) = (expected.ToHashSet(), actual.ToHashSet());
        if (!should.SetEquals(was))
            _found.Add($"{name}: missing [{string.Join(", ", should.Except(was).Order())}], extra [{string.Join(", ", was.Except(should).Order())}]");
    }

    public void AssertNone() => Assert.IsEmpty(_found, $"{_found.Count} differences:\n{string.Join('\n', _found.Take(12))}");
}
