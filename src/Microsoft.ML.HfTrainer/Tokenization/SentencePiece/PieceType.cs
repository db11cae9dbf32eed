namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>The type of a piece of a SentencePiece model; the values are those of the file format.</summary>
internal enum PieceType
{
    /// <summary>An ordinary piece.</summary>
    Normal = 1,

    /// <summary>The unknown piece, which stands for text that no other piece covers.</summary>
    Unknown = 2,

    /// <summary>A control token such as <c>&lt;/s&gt;</c>, which is never produced from text.</summary>
    Control = 3,

    /// <summary>A user-defined piece, which is never split and never merged.</summary>
    UserDefined = 4,

    /// <summary>A reserved piece, which is never produced from text.</summary>
    Unused = 5,

    /// <summary>A byte of a character that no piece covers, such as <c>&lt;0x0A&gt;</c>.</summary>
    Byte = 6,
}
