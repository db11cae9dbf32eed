namespace Microsoft.ML.HfTrainer.Data.Sampling;

/// <summary>How long the examples of a dataset are, for samplers that go by length.</summary>
internal static class ExampleLengths
{
    /// <summary>The numbers in the feature <paramref name="lengthName"/> if the examples have it, else how many numbers their <paramref name="inputName"/> holds.</summary>
    /// <exception cref="InvalidDataException">An example has neither.</exception>
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
                    $"Example {i} has neither '{lengthName}' nor '{inputName}' to take its length from; it has {string.Join(", ", example.Keys)}. Give every example " +
                    "one of them, or set TrainingArguments.TrainSamplingStrategy to Random.");
        }
        return lengths;
    }
}
