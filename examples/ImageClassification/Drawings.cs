using Microsoft.ML.HfTrainer;

namespace ImageClassification;

/// <summary>Drawings of shapes, of random size, place, grey and noise.</summary>
public static class Drawings
{
    /// <summary>Pixels along each side.</summary>
    public const int Size = 16;

    // Whether a point belongs to a shape; the shape lies in the square from -1 to 1.
    private static readonly (string Kind, Func<double, double, bool> Contains)[] _shapes =
    [
        ("disc", (x, y) => x * x + y * y <= 1),
        ("ring", (x, y) => x * x + y * y is <= 1 and >= 0.36),
        ("square", (x, y) => Math.Max(Math.Abs(x), Math.Abs(y)) <= 0.9),
        ("cross", (x, y) => Math.Min(Math.Abs(x), Math.Abs(y)) <= 0.25 && Math.Max(Math.Abs(x), Math.Abs(y)) <= 1),
    ];

    /// <summary>The kinds of shapes; a label is a place in this list.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. _shapes.Select(shape => shape.Kind)];

    /// <summary>Examples with an image <c>pixel_values</c>, <c>[1, height, width]</c> from 0 to 1, and its kind <c>labels</c>.</summary>
    public static List<Example> Make(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Draw(random))];
    }

    /// <summary>The image as a person sees it.</summary>
    public static string ToText(Example drawing) =>
        string.Join('\n', drawing["pixel_values"].Reals.ToArray().Chunk(Size).Select(row => string.Concat(row.Select(pixel => pixel switch { > 0.75f => "██", > 0.45f => "▒▒", _ => "  " }))));

    private static Example Draw(Random random)
    {
        var label = random.Next(_shapes.Length);
        var radius = Size * (0.25 + 0.2 * random.NextDouble());
        var (left, top) = (radius + (Size - 2 * radius) * random.NextDouble(), radius + (Size - 2 * radius) * random.NextDouble());
        var (paper, ink) = (0.3 * random.NextDouble(), 0.7 + 0.3 * random.NextDouble());
        var pixels = new float[Size * Size];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = ((i % Size + 0.5 - left) / radius, (i / Size + 0.5 - top) / radius);
            var noise = 0.3 * (random.NextDouble() - 0.5);
            pixels[i] = (float)Math.Clamp((_shapes[label].Contains(x, y) ? ink : paper) + noise, 0, 1);
        }
        return new Example { ["pixel_values"] = new Feature(pixels, 1, Size, Size), ["labels"] = label };
    }
}
