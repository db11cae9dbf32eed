namespace Microsoft.ML.HfTrainer.Models;

/// <summary>The examples that a batch was made of, for messages.</summary>
/// <param name="Count">The number of examples.</param>
/// <param name="NameOf">Returns the name of an example, such as "Example 17", given its row.</param>
/// <param name="FeatureOf">Returns the name of the feature of an example that became a tensor, given its row and the name of the tensor.</param>
internal sealed record BatchSource(int Count, Func<int, string> NameOf, Func<int, string, string> FeatureOf);
