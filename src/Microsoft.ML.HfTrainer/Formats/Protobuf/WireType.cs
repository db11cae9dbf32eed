namespace Microsoft.ML.HfTrainer.Formats.Protobuf;

/// <summary>How the value of a field is written in a protobuf message. Groups, which nobody writes any more, are not among them.</summary>
internal enum WireType
{
    /// <summary>A whole number of one to ten bytes.</summary>
    Varint = 0,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A length and as many bytes: text, bytes, a message in the message.</summary>
    Bytes = 2,

    /// <summary>Four bytes.</summary>
    Fixed32 = 5,
}
