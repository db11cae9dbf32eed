namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies which sequence is shortened if an encoding is longer than <see cref="EncodeOptions.MaxLength"/>.</summary>
public enum TruncationStrategy
{
    /// <summary>Tokens are removed one by one from the longer sequence until the encoding fits (<c>longest_first</c>).</summary>
    LongestFirst,

    /// <summary>Only the first sequence is shortened (<c>only_first</c>).</summary>
    OnlyFirst,

    /// <summary>Only the second sequence is shortened (<c>only_second</c>).</summary>
    OnlySecond,

    /// <summary>Nothing is removed (<c>do_not_truncate</c>).</summary>
    DoNotTruncate,
}
