using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>A custom loss. Its gradient is taken as it is: the trainer does not scale the loss any further.</summary>
/// <param name="output">The output of the model for a micro-batch; the model did not receive the labels.</param>
/// <param name="batch">The micro-batch, with its labels.</param>
/// <param name="labelCount">
/// The number of labels of the whole update. Return the sum of the losses of the micro-batch divided by this number; if null, because there are no labels to count, return
/// the mean over the micro-batch.
/// </param>
/// <returns>A scalar.</returns>
public delegate Tensor LossFunction(ModelOutput output, Batch batch, long? labelCount);
