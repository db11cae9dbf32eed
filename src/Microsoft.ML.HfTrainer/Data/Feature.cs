namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A value of an example: a number, a list of numbers, a dense array with several axes (such as an image), a ragged array of rows of different length (such as the
/// choices of a multiple-choice question), a string, or a list of strings. Numbers are 32-bit integers or floats in row-major order.
/// </summary>
public readonly partial struct Feature
{
    // The sizes of the axes or the lengths of the rows; null for a number or a list.
    private readonly int[]? _sizes;
    private readonly string[]? _texts;
    private readonly Layout _layout;

    private Feature(ReadOnlyMemory<int> integers, ReadOnlyMemory<float> reals, bool isInteger, Layout layout, int[]? sizes = null)
    {
        (Integers, Reals, IsInteger, _layout, _sizes) = (integers, reals, isInteger, layout, sizes);
    }

    private Feature(string[] texts, Layout layout) => (_texts, _layout) = (texts, layout);

    /// <summary>Creates a dense array of integers.</summary>
    /// <param name="values">The numbers in row-major order.</param>
    /// <param name="shape">The shape.</param>
    /// <exception cref="ArgumentException">The shape does not match the number of values.</exception>
    public Feature(ReadOnlyMemory<int> values, params int[] shape) : this(values, default, true, Layout.Axes, Check(shape, values.Length))
    {
    }

    /// <summary>Creates a dense array of real numbers, such as the pixels of an image <c>[channels, height, width]</c>.</summary>
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

    /// <summary>Gets the integers in row-major order; empty if the feature does not hold integers.</summary>
    public ReadOnlyMemory<int> Integers { get; }

    /// <summary>Gets the real numbers in row-major order; empty if the feature does not hold real numbers.</summary>
    public ReadOnlyMemory<float> Reals { get; }

    /// <summary>Gets the strings; empty if the feature holds numbers.</summary>
    public IReadOnlyList<string> Texts => _texts ?? [];

    /// <summary>Gets the string.</summary>
    /// <exception cref="InvalidOperationException">The feature is not a single string.</exception>
    public string Text => _layout == Layout.Text ? _texts![0] : throw new InvalidOperationException($"The feature holds {Describe()}, not a text.");

    /// <summary>Gets whether the feature holds strings, which cannot be converted to a tensor.</summary>
    public bool IsText => _texts is not null;

    /// <summary>Gets whether the feature holds integers, which become a tensor of int64; real numbers become a tensor of float32.</summary>
    public bool IsInteger { get; }

    /// <summary>Gets whether the feature is a single number, which adds no axis to a batch.</summary>
    public bool IsScalar => _layout == Layout.Number;

    /// <summary>Gets whether the feature has no value, as <c>default(Feature)</c>.</summary>
    public bool IsDefault => _layout == Layout.Nothing;

    /// <summary>Gets the total number of numbers or strings.</summary>
    public int Length => _texts?.Length ?? (IsInteger ? Integers.Length : Reals.Length);

    /// <summary>Gets the shape: empty for a number, the length of a list, the sizes of the axes, or the number of rows and -1 for a ragged array.</summary>
    public IReadOnlyList<int> Shape => _layout switch
    {
        Layout.List or Layout.Texts => [Length],
        Layout.Axes => _sizes!,
        Layout.Rows => [_sizes!.Length, -1],
        _ => [],
    };

    /// <summary>Gets the size of the first axis; 1 for a number.</summary>
    public int Count => _sizes is null ? Length : _layout == Layout.Axes ? _sizes[0] : _sizes.Length;

    /// <summary>Gets the element at an index of the first axis, such as a number of a list or a row of a table.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
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

    /// <summary>Stacks features along a new first axis. Lists may differ in length, which gives a ragged array; other features must have the same shape.</summary>
    /// <exception cref="ArgumentException">There are no parts, or they differ in type or shape.</exception>
    public static Feature Stack(IReadOnlyList<Feature> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0 || parts.Any(p => p.IsInteger != parts[0].IsInteger || p.IsDefault || p.IsText))
            throw new ArgumentException("At least one part is needed, and all should be integers or all real numbers.", nameof(parts));
        var integers = parts.SelectMany(p => p.Integers.ToArray()).ToArray();
        var reals = parts.SelectMany(p => p.Reals.ToArray()).ToArray();
        if (parts.All(p => p.HasShapeOf(parts[0]) && p._layout != Layout.Rows))
            return new Feature(integers, reals, parts[0].IsInteger, parts[0].IsScalar ? Layout.List : Layout.Axes, parts[0].IsScalar ? null : [parts.Count, .. parts[0].Shape]);
        if (parts.FirstOrDefault(p => p._layout != Layout.List) is { IsDefault: false } other)
            throw new ArgumentException($"A part has {other.Describe()}, unlike the others; only lists may differ in length.", nameof(parts));
        return new Feature(integers, reals, parts[0].IsInteger, Layout.Rows, [.. parts.Select(p => p.Length)]);
    }

    /// <summary>Converts a list of integers.</summary>
    public static implicit operator Feature(ReadOnlyMemory<int> values) => new(values, default, true, Layout.List);

    /// <summary>Converts a list of integers.</summary>
    public static implicit operator Feature(int[] values) => new(values, default, true, Layout.List);

    /// <summary>Converts rows of integers, which may differ in length.</summary>
    public static implicit operator Feature(int[][] rows) => Stack([.. rows.Select(row => (Feature)row)]);

    /// <summary>Converts a list of real numbers.</summary>
    public static implicit operator Feature(ReadOnlyMemory<float> values) => new(default, values, false, Layout.List);

    /// <summary>Converts a list of real numbers.</summary>
    public static implicit operator Feature(float[] values) => new(default, values, false, Layout.List);

    /// <summary>Converts an integer.</summary>
    public static implicit operator Feature(int value) => new(new[] { value }, default, true, Layout.Number);

    /// <summary>Converts true to 1 and false to 0.</summary>
    public static implicit operator Feature(bool value) => value ? 1 : 0;

    /// <summary>Converts a real number.</summary>
    public static implicit operator Feature(float value) => new(default, new[] { value }, false, Layout.Number);

    /// <summary>Converts a string.</summary>
    public static implicit operator Feature(string text) => new([text ?? throw new ArgumentNullException(nameof(text), "A feature cannot be null; leave it out of the example, or give an empty string.")], Layout.Text);

    /// <summary>Converts a list of strings.</summary>
    public static implicit operator Feature(string[] texts) => Array.IndexOf(texts ?? throw new ArgumentNullException(nameof(texts)), null) is >= 0 and var at
        ? throw new ArgumentException($"Text {at} of {texts.Length} is null; a text without characters is an empty string.", nameof(texts))
        : new(texts, Layout.Texts);

    /// <summary>Returns the integers as real numbers.</summary>
    internal Feature ToReals() => new(default, Array.ConvertAll(Integers.ToArray(), i => (float)i), false, _layout, _sizes);

    /// <summary>Gets whether the feature is a ragged array, which cannot be converted to a tensor.</summary>
    internal bool IsRagged => _layout == Layout.Rows;

    /// <summary>Returns whether both have the same shape.</summary>
    internal bool HasShapeOf(in Feature other) =>
        _layout == other._layout && Length == other.Length && (_sizes is null || _sizes.AsSpan().SequenceEqual(other._sizes));

    /// <summary>Returns true if both hold the same numbers or texts in the same shape.</summary>
    internal bool ContentEquals(in Feature other) =>
        HasShapeOf(other) && IsInteger == other.IsInteger && Integers.Span.SequenceEqual(other.Integers.Span) && Reals.Span.SequenceEqual(other.Reals.Span)
        && Texts.SequenceEqual(other.Texts);

    /// <summary>Returns whether both have the same shape except for the size of the first axis.</summary>
    internal bool HasRowsOf(in Feature other) => _layout == other._layout && _layout switch
    {
        Layout.List => true,
        Layout.Axes => _sizes.AsSpan(1).SequenceEqual(other._sizes.AsSpan(1)),
        _ => false,
    };

    /// <summary>Returns a description of the content for messages.</summary>
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
            throw new ArgumentException(FormattableString.Invariant($"The shape [{string.Join(", ", shape)}] does not hold {length:N0} numbers."), nameof(shape));
        return [.. shape];
    }
}
