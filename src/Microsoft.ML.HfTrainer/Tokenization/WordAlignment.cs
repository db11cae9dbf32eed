namespace Microsoft.ML.HfTrainer.Tokenization;

/// <summary>Gives the tokens of words the labels of the words.</summary>
internal static class WordAlignment
{
    /// <summary>The label of tokens that losses and metrics ignore.</summary>
    public const int IgnoredLabel = -100;

    /// <summary>Returns the label of each token.</summary>
    /// <param name="words">The word of each token; -1 for tokens of no word, which are ignored.</param>
    /// <param name="labels">The class index of each word.</param>
    /// <param name="tokens">The tokens of a word that have its label.</param>
    /// <param name="names">The names of the classes, which <see cref="WordLabels.AllTokensContinued"/> needs.</param>
    /// <exception cref="ArgumentException">A word has no label, or a label no name.</exception>
    public static int[] Align(ReadOnlySpan<int> words, IReadOnlyList<int> labels, WordLabels tokens, IReadOnlyList<string>? names)
    {
        var aligned = new int[words.Length];
        var previous = -1;
        for (var i = 0; i < aligned.Length; i++)
        {
            var word = words[i];
            if (word >= labels.Count)
                throw new ArgumentException($"Token {i} is of word {word}, and there are labels for {labels.Count} words; each word needs one.", nameof(labels));
            var isFirst = word != previous;
            aligned[i] = word < 0 || !isFirst && tokens == WordLabels.FirstToken ? IgnoredLabel
                : !isFirst && tokens == WordLabels.AllTokensContinued ? Continued(labels[word], names!)
                : labels[word];
            previous = word;
        }
        return aligned;
    }

    private static int Continued(int label, IReadOnlyList<string> names)
    {
        if (label == IgnoredLabel)
            return label;
        if (label < 0 || label >= names.Count)
            throw new ArgumentException($"There is a label {label}, and there are {names.Count} names; labels are 0 to {names.Count - 1}.", nameof(label));
        if (!names[label].StartsWith("B-", StringComparison.Ordinal))
            return label;
        for (var i = 0; i < names.Count; i++)
            if (names[i].Length == names[label].Length && names[i][0] == 'I' && names[i].AsSpan(1).SequenceEqual(names[label].AsSpan(1)))
                return i;
        return label;
    }
}
