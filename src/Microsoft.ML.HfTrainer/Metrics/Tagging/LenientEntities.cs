namespace Microsoft.ML.HfTrainer.Metrics.Tagging;

/// <summary>Reads the entities of a sentence as the CoNLL-2000 evaluation script does: in any scheme, and an I tag without a preceding entity begins one.</summary>
internal static class LenientEntities
{
    public static IEnumerable<Entity> Of(IReadOnlyList<string> tags, bool suffix)
    {
        var (previous, start) = (Tag.Outside, 0);
        for (var i = 0; i <= tags.Count; i++)
        {
            var tag = i < tags.Count ? Tag.Parse(tags[i], suffix) : Tag.Outside;
            if (Ends(previous, tag))
                yield return new(previous.Type, start, i);
            if (Starts(previous, tag))
                start = i;
            previous = tag;
        }
    }

    private static bool Ends(Tag before, Tag after) =>
        before.Prefix is 'E' or 'S'
        || before.Prefix is 'B' or 'I' && after.Prefix is 'B' or 'S' or 'O'
        || IsInside(before) && before.Type != after.Type;

    private static bool Starts(Tag before, Tag after) =>
        after.Prefix is 'B' or 'S'
        || before.Prefix is 'E' or 'S' or 'O' && after.Prefix is 'E' or 'I'
        || IsInside(after) && before.Type != after.Type;

    private static bool IsInside(Tag tag) => tag.Prefix is not ('O' or '.');
}
