namespace Microsoft.ML.HfTrainer.Generation;

/// <summary>Passes on the text before the first stop string, of which text that comes in pieces may so far hold a beginning.</summary>
/// <param name="stops">The stop strings.</param>
internal sealed class TextBeforeStop(IReadOnlyList<string> stops)
{
    private string _held = "";

    /// <summary>true once a stop string was found; what follows is dropped.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Adds a piece, and returns the text that no stop string can begin in.</summary>
    public string Add(string piece)
    {
        if (IsStopped)
            return "";
        var text = _held + piece;
        var at = stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(found => found >= 0).DefaultIfEmpty(-1).Min();
        IsStopped = at >= 0;
        var length = IsStopped ? at : text.Length - stops.Select(stop => Beginning(text, stop)).DefaultIfEmpty(0).Max();
        _held = IsStopped ? "" : text[length..];
        return text[..length];
    }

    /// <summary>Returns the rest of the text.</summary>
    public string End()
    {
        var rest = _held;
        _held = "";
        return rest;
    }

    // The length of the longest end of the text that a stop string begins with.
    private static int Beginning(string text, string stop)
    {
        var length = Math.Min(text.Length, stop.Length - 1);
        while (length > 0 && !text.EndsWith(stop[..length], StringComparison.Ordinal))
            length--;
        return length;
    }
}
