using Microsoft.ML.HfTrainer;

namespace ImageClassification;

/// <summary>Generates drawings of shapes with random size, position, gray levels and noise.</summary>
public static class Drawings
{
    /// <summary>The width and height of a drawing in pixels.</summary>
    public const int Size = 16;

    // Tells whether a point belongs to a shape within the square from -1 to 1.
    private static readonly (string Kind, Func<double, double, bool> Contains)[] _shapes =
    [
        ("disc", (x, y) => x * x + y * y <= 1),
        ("ring", (x, y) => x * x + y * y is <= 1 and >= 0.36),
        ("square", (x, y) => Math.Max(Math.Abs(x), Math.Abs(y)) <= 0.9),
        ("cross", (x, y) => Math.Min(Math.Abs(x), Math.Abs(y)) <= 0.25 && Math.Max(Math.Abs(x), Math.Abs(y)) <= 1),
    ];

    /// <summary>Gets the names of the shapes; a label is an index into this list.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. _shapes.Select(shape => shape.Kind)];

    /// <summary>Returns examples with an image <c>pixel_values</c> <c>[1, height, width]</c>, whose values range from 0 to 1, and the index of its shape as <c>labels</c>.</summary>
    public static List<Example> Make(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Draw(random))];
    }

    /// <summary>Renders an image as text.</summary>
    public static string ToText(Example drawing) =>
        string.Join('\n', drawing["pixel_values"].Reals.ToArray().Chunk(Size).Select(row => string.Concat(row.Select(pixel => pixel switch { > 0.75f => "██", > 0.45f => "▒▒", _ => "  " }))));

    private static Example Draw(Random random)
    {
        var label = random.Next(_shapes.Length);
        var radius = Size * (0.25 + 0.2 * random.NextDouble());
        var (left, top) = (radius + (Size - 2 * radius) * random.NextDouble(), radius + (Size - 2 * radius) * random.NextDouble());
        var (background, foreground) = (0.3 * random.NextDouble(), 0.7 + 0.3 * random.NextDouble());
        var pixels = new float[Size * Size];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = ((i % Size + 0.5 - left) / radius, (i / Size + 0.5 - top) / radius);
            var noise = 0.3 * (random.NextDouble() - 0.5);
            pixels[i] = (float)Math.Clamp((_shapes[label].Contains(x, y) ? foreground : background) + noise, 0, 1);
        }
        return new Example { ["pixel_values"] = new Feature(pixels, 1, Size, Size), ["labels"] = label };
    }
}
