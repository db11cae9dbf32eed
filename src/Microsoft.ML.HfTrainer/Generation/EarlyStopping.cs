namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies when beam search is done with a text that has as many finished sequences as beams (<c>early_stopping</c>).</summary>
public enum EarlyStopping
{
    /// <summary>When no beam could score better at its present length than the worst finished sequence (<c>false</c>). A beam that would gain by further tokens is cut off, which is rare.</summary>
    False,

    /// <summary>At once (<c>true</c>).</summary>
    True,

    /// <summary>When no beam can score better at any length (<c>"never"</c>).</summary>
    Never,
}
