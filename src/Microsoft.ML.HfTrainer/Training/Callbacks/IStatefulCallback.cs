using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer;

/// <summary>A callback whose state is saved in checkpoints, in <c>stateful_callbacks</c> of <c>trainer_state.json</c>.</summary>
/// <remarks>
/// The state is saved under the name of the callback's class; several callbacks of one class are saved as a list in their order. It is restored on resume only if
/// <see cref="TrainingArguments.RestoreCallbackStatesFromCheckpoint"/> is set.
/// </remarks>
public interface IStatefulCallback
{
    /// <summary>
    /// Returns the state: an object with <c>args</c>, the arguments of the constructor, and <c>attributes</c>, the values that change during training, as the
    /// <c>ExportableState</c> of Hugging Face Transformers has them.
    /// </summary>
    JsonObject ExportState();

    /// <summary>Restores a state that <see cref="ExportState"/> or the Hugging Face callback of the same name returned.</summary>
    /// <param name="state">The state, with <c>args</c> and <c>attributes</c>.</param>
    /// <exception cref="InvalidDataException">A value is missing or has the wrong type.</exception>
    void LoadState(JsonObject state);
}
