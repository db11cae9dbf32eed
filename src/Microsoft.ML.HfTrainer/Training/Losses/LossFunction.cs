using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>A loss of one's own; it is what the gradient is taken of, and is not scaled any further.</summary>
/// <param name="output">What the model gave for a micro-batch; it was not given the labels.</param>
/// <param name="batch">The micro-batch, with its labels.</param>
/// <param name="labelCount">
/// The labels of the whole update, which the loss is to be averaged over: the sum over the micro-batch, divided by this number. Null where there
/// are none to count: then the mean over the micro-batch.
/// </param>
/// <returns>A scalar.</returns>
public delegate Tensor LossFunction(ModelOutput output, Batch batch, long? labelCount);
