using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>A custom loss. With a label count, its gradient is taken as it is; without one, it is divided by the number of micro-batches of the update.</summary>
/// <param name="output">The output of the model for a micro-batch; the model did not receive the labels.</param>
/// <param name="batch">The micro-batch, with its labels.</param>
/// <param name="labelCount">
/// The number of labels of the whole update, or of its examples if it has no tensor <c>labels</c>. Return the sum of the losses of the micro-batch divided by this number; if null, as in an
/// evaluation without such labels, return the mean over the micro-batch.
/// </param>
/// <returns>A scalar.</returns>
public delegate Tensor LossFunction(ModelOutput output, Batch batch, long? labelCount);
