/// <summary>A row of the data.</summary>
internal sealed class Conversation
{
    public string[] Roles { get; set; } = [];

    public string[] Contents { get; set; } = [];
}

/// <summary>The system message that begins each chat.</summary>
internal static class Guide
{
    public const string Instructions = "tell what i want to know";
}
