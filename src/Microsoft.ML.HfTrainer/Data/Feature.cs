namespace Microsoft.ML.HfTrainer;

/// <summary>
/// One value of an example: a number, a list of numbers, numbers along several axes (an image), or rows that differ in length (the choices of a
/// multiple-choice question). Its numbers are whole or real, and lie one after another, the last axis fastest. Before it is made into numbers it may be a
/// text, or a list of texts.
/// </summary>
public readonly partial struct Feature
{
    // The sizes of the axes, or the lengths of the rows; null for a number and a list.
    private readonly int[]? _sizes;
    private readonly string[]? _texts;
    private readonly Layout _layout;

    private Feature(ReadOnlyMemory<int> integers, ReadOnlyMemory<float> reals, bool isInteger, Layout layout, int[]? sizes = null)
    {
        (Integers, Reals, IsInteger, _layout, _sizes) = (integers, reals, isInteger, layout, sizes);
    }

    private Feature(string[] texts, Layout layout) => (_texts, _layout) = (texts, layout);

    /// <summary>Whole numbers along axes.</summary>
    /// <param name="values">The numbers, the last axis fastest.</param>
    /// <param name="shape">The sizes of the axes.</param>
    /// <exception cref="ArgumentException">The sizes ask for another number of numbers.</exception>
    public Feature(ReadOnlyMemory<int> values, params int[] shape) : this(values, default, true, Layout.Axes, Check(shape, values.Length))
    {
    }

    /// <summary>Real numbers along axes, such as the pixels of an image <c>[channels, height, width]</c>.</summary>
    /// <inheritdoc cref="Feature(ReadOnlyMemory{int}, int[])"/>
    public Feature(ReadOnlyMemory<float> values, params int[] shape) : this(default, values, false, Layout.Axes, Check(shape, values.Length))
    {
    }

    private enum Layout : byte
    {
        Nothing,
        Number,
        List,
        Axes,
        Rows,
        Text,
        Texts,
    }

    /// <summary>The whole numbers; empty if it holds real ones.</summary>
    public ReadOnlyMemory<int> Integers { get; }

    /// <summary>The real numbers; empty if it holds whole ones.</summary>
    public ReadOnlyMemory<float> Reals { get; }

    /// <summary>The texts: one, or those of a list; empty if it holds numbers.</summary>
    public IReadOnlyList<string> Texts => _texts ?? [];

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">It holds no text, or a list of texts.</exception>
    public string Text => _layout == Layout.Text ? _texts![0] : throw new InvalidOperationException($"The feature holds {Describe()}, not a text.");

    /// <summary>Whether it holds a text or a list of texts, of which no tensor can be made.</summary>
    public bool IsText => _texts is not null;

    /// <summary>Whether its numbers are whole: tensors of int64, else of float32.</summary>
    public bool IsInteger { get; }

    /// <summary>Whether it is a single number, which adds no axis to a batch.</summary>
    public bool IsScalar => _layout == Layout.Number;

    /// <summary>Whether there is no value: so a feature is that was never given one.</summary>
    public bool IsNothing => _layout == Layout.Nothing;

    /// <summary>How many numbers, or texts, it holds.</summary>
    public int Length => _texts?.Length ?? (IsInteger ? Integers.Length : Reals.Length);

    /// <summary>The sizes of its axes: none for a number, its length for a list, the number of rows and -1 where rows differ in length.</summary>
    public IReadOnlyList<int> Shape => _layout switch
    {
        Layout.List or Layout.Texts => [Length],
        Layout.Axes => _sizes!,
        Layout.Rows => [_sizes!.Length, -1],
        _ => [],
    };

    /// <summary>The size of its first axis; 1 for a number.</summary>
    public int Count => _sizes is null ? Length : _layout == Layout.Axes ? _sizes[0] : _sizes.Length;

    /// <summary>The part at an index of the first axis: a number of a list, a row of a table.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public Feature this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _layout is Layout.Number or Layout.Text or Layout.Nothing ? 0 : Count);
            return _layout switch
            {
                Layout.List => Part(index, 1, Layout.Number),
                Layout.Texts => new Feature([_texts![index]], Layout.Text),
                Layout.Rows => Part(_sizes![..index].Sum(), _sizes[index], Layout.List),
                _ when _sizes!.Length > 2 => Part(index * (Length / Count), Length / Count, Layout.Axes, _sizes[1..]),
                _ => Part(index * (Length / Count), Length / Count, _sizes.Length == 2 ? Layout.List : Layout.Number),
            };
        }
    }

    /// <summary>Parts along a new first axis. Lists may differ in length; other parts have one shape.</summary>
    /// <exception cref="ArgumentException">There are no parts, or they differ in kind or shape.</exception>
    public static Feature Stack(IReadOnlyList<Feature> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0 || parts.Any(p => p.IsInteger != parts[0].IsInteger || p.IsNothing || p.IsText))
            throw new ArgumentException("Parts of a feature are at least one, and all of whole numbers or all of real ones.", nameof(parts));
        var integers = parts.SelectMany(p => p.Integers.ToArray()).ToArray();
        var reals = parts.SelectMany(p => p.Reals.ToArray()).ToArray();
        if (parts.All(p => p.HasShapeOf(parts[0]) && p._layout != Layout.Rows))
            return new Feature(integers, reals, parts[0].IsInteger, parts[0].IsScalar ? Layout.List : Layout.Axes, parts[0].IsScalar ? null : [parts.Count, .. parts[0].Shape]);
        if (parts.FirstOrDefault(p => p._layout != Layout.List) is { IsNothing: false } other)
            throw new ArgumentException($"A part has {other.Describe()} where others have another shape; only lists may differ, in their length.", nameof(parts));
        return new Feature(integers, reals, parts[0].IsInteger, Layout.Rows, [.. parts.Select(p => p.Length)]);
    }

    /// <summary>A list of whole numbers.</summary>
    public static implicit operator Feature(ReadOnlyMemory<int> values) => new(values, default, true, Layout.List);

    /// <summary>A list of whole numbers.</summary>
    public static implicit operator Feature(int[] values) => new(values, default, true, Layout.List);

    /// <summary>Rows of whole numbers, which may differ in length.</summary>
    public static implicit operator Feature(int[][] rows) => Stack([.. rows.Select(row => (Feature)row)]);

    /// <summary>A list of real numbers.</summary>
    public static implicit operator Feature(ReadOnlyMemory<float> values) => new(default, values, false, Layout.List);

    /// <summary>A list of real numbers.</summary>
    public static implicit operator Feature(float[] values) => new(default, values, false, Layout.List);

    /// <summary>A whole number.</summary>
    public static implicit operator Feature(int value) => new(new[] { value }, default, true, Layout.Number);

    /// <summary>1 for true, 0 for false.</summary>
    public static implicit operator Feature(bool value) => value ? 1 : 0;

    /// <summary>A real number.</summary>
    public static implicit operator Feature(float value) => new(default, new[] { value }, false, Layout.Number);

    /// <summary>A text.</summary>
    public static implicit operator Feature(string text) => new([text], Layout.Text);

    /// <summary>A list of texts.</summary>
    public static implicit operator Feature(string[] texts) => new(texts, Layout.Texts);

    /// <summary>The same with real numbers.</summary>
    internal Feature ToReals() => new(default, Array.ConvertAll(Integers.ToArray(), i => (float)i), false, _layout, _sizes);

    /// <summary>Whether it has rows that differ in length, which make no tensor.</summary>
    internal bool IsRagged => _layout == Layout.Rows;

    /// <summary>Whether both have the same axes, of the same sizes.</summary>
    internal bool HasShapeOf(in Feature other) =>
        _layout == other._layout && Length == other.Length && (_sizes is null || _sizes.AsSpan().SequenceEqual(other._sizes));

    /// <summary>Whether both have the same axes, of the same sizes but for the first.</summary>
    internal bool HasRowsOf(in Feature other) => _layout == other._layout && _layout switch
    {
        Layout.List => true,
        Layout.Axes => _sizes.AsSpan(1).SequenceEqual(other._sizes.AsSpan(1)),
        _ => false,
    };

    /// <summary>What it holds, for messages.</summary>
    internal string Describe() => _layout switch
    {
        Layout.Nothing => "nothing",
        Layout.Text => "a text",
        Layout.Texts => $"{Length} texts",
        Layout.Axes => $"[{string.Join(", ", _sizes!)}] {Kind}",
        Layout.Rows => $"{_sizes!.Length} rows of {string.Join(", ", _sizes)} {Kind}",
        _ => $"{Length} {Kind}",
    };

    private string Kind => IsInteger ? "whole numbers" : "real numbers";

    private Feature Part(int start, int length, Layout layout, int[]? sizes = null) =>
        IsInteger ? new(Integers.Slice(start, length), default, true, layout, sizes) : new(default, Reals.Slice(start, length), false, layout, sizes);

    private static int[] Check(int[] shape, int length)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Length == 0 || shape.Any(size => size < 0) || shape.Aggregate(1L, (product, size) => product * size) != length)
            throw new ArgumentException($"The shape [{string.Join(", ", shape)}] does not hold {length:N0} numbers.", nameof(shape));
        return [.. shape];
    }
}
