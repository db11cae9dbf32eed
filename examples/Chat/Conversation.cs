/// <summary>A row of the data.</summary>
internal sealed class Conversation
{
    public string[] Roles { get; set; } = [];

    public string[] Contents { get; set; } = [];
}

/// <summary>What the assistant is told before each chat.</summary>
internal static class Guide
{
    public const string Instructions = "tell what i want to know";
}
