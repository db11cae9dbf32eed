namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>What a piece of a SentencePiece model is for, by its number in the file.</summary>
internal enum PieceType
{
    /// <summary>A piece that text is cut into.</summary>
    Normal = 1,

    /// <summary>Stands for what no piece covers.</summary>
    Unknown = 2,

    /// <summary>A mark such as <c>&lt;/s&gt;</c>, which no text gives.</summary>
    Control = 3,

    /// <summary>A piece that is never cut and never merged.</summary>
    UserDefined = 4,

    /// <summary>In the vocabulary, but no text gives it.</summary>
    Unused = 5,

    /// <summary>One byte of a character that no piece covers, written <c>&lt;0x0A&gt;</c>.</summary>
    Byte = 6,
}
