namespace Microsoft.ML.HfTrainer.Tests.Hub;

/// <summary>Marks tests of symbolic links. Windows lets only some users make them, and Wine reports links as made that are not there.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NeedsLinksAttribute : ConditionBaseAttribute
{
    private static readonly Lazy<bool> _links = new(AreMade);

    public NeedsLinksAttribute() : base(ConditionMode.Include) => IgnoreMessage = "The test is about symbolic links, and none can be made here.";

    public override string GroupName => nameof(NeedsLinksAttribute);

    public override bool IsConditionMet => _links.Value;

    private static bool AreMade()
    {
        var folder = Directory.CreateTempSubdirectory("hftrainer-links-");
        try
        {
            var (file, link) = (Path.Combine(folder.FullName, "file"), Path.Combine(folder.FullName, "link"));
            File.WriteAllText(file, "content");
            File.CreateSymbolicLink(link, "file");
            return File.Exists(link) && File.ReadAllText(link) == "content";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
