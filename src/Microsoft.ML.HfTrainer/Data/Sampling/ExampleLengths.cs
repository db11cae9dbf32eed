namespace Microsoft.ML.HfTrainer.Data.Sampling;

/// <summary>Determines the lengths of the examples of a dataset, for samplers that use them.</summary>
internal static class ExampleLengths
{
    /// <summary>
    /// Returns the values of the feature <paramref name="lengthName"/>, or for an example without it, the number of values of the feature
    /// <paramref name="inputName"/>.
    /// </summary>
    /// <exception cref="InvalidDataException">An example has neither feature.</exception>
    public static int[] Of(Dataset dataset, string lengthName, string inputName = "input_ids")
    {
        var lengths = new int[dataset.Count];
        for (var i = 0; i < lengths.Length; i++)
        {
            var example = dataset[i];
            if (example.TryGetValue(lengthName, out var length) && length is { IsInteger: true, IsScalar: true })
                lengths[i] = length.Integers.Span[0];
            else if (example.TryGetValue(inputName, out var input))
                lengths[i] = input.Length;
            else
                throw new InvalidDataException(
                    $"Example {i} has neither '{lengthName}' nor '{inputName}' to determine its length; it has {string.Join(", ", example.Keys)}. Add one of them to every " +
                    "example, or set TrainingArguments.TrainSamplingStrategy to Random.");
        }
        return lengths;
    }
}
