namespace Microsoft.ML.HfTrainer.Formats.Pickle;

/// <summary>Decides what the names in a pickle stand for; a pickle can do nothing but what its host lets it.</summary>
internal interface IPickleHost
{
    /// <summary>Takes note of a name.</summary>
    /// <exception cref="InvalidDataException">The name is not on the list of those allowed.</exception>
    PickleGlobal Allow(string module, string name);

    /// <summary>Returns the result of calling an allowed global name.</summary>
    object? Call(PickleGlobal callee, PickleTuple arguments);

    /// <summary>What the pickle stores elsewhere under an id.</summary>
    object? Persistent(object? id);
}
