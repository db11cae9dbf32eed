namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>
/// Marks tests that start the program <c>dotnet</c> to build or run other programs. Tests that were published as a program of their own (<c>test/wine</c>) may run
/// where there is none.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NeedsDotNetAttribute : ConditionBaseAttribute
{
    private static readonly string _program = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    public NeedsDotNetAttribute() : base(ConditionMode.Include) => IgnoreMessage = "The test starts the program dotnet, and no folder of PATH has it.";

    public override string GroupName => nameof(NeedsDotNetAttribute);

    public override bool IsConditionMet { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, _program)));
}
