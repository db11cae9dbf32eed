using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Training.Callbacks;

/// <summary>What a checkpoint keeps of a callback, under the name of its class.</summary>
internal interface IStatefulCallback
{
    /// <summary><c>args</c>, which made it, and <c>attributes</c>, which change, by the original's names.</summary>
    JsonObject ExportState();

    /// <summary>Takes back what <see cref="ExportState"/> or the original's callback of that name gave.</summary>
    /// <exception cref="InvalidDataException">A value is missing or of another kind.</exception>
    void LoadState(JsonObject state);
}
