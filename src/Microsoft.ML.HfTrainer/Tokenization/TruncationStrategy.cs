namespace Microsoft.ML.HfTrainer;

/// <summary>Which sequence gives up tokens when an encoding is longer than <see cref="EncodeOptions.MaxLength"/>.</summary>
public enum TruncationStrategy
{
    /// <summary>The longer sequence first, until both fit (<c>longest_first</c>).</summary>
    LongestFirst,

    /// <summary>The first sequence alone (<c>only_first</c>).</summary>
    OnlyFirst,

    /// <summary>The second sequence alone (<c>only_second</c>).</summary>
    OnlySecond,

    /// <summary>None: the encoding keeps every token (<c>do_not_truncate</c>).</summary>
    DoNotTruncate,
}
