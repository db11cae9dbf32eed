using System.Text;
using Microsoft.ML.HfTrainer.Metrics.Text;

namespace Microsoft.ML.HfTrainer;

/// <summary>How BLEU cuts a text into words; scores compare only where it is the same. Names as sacrebleu has them.</summary>
/// <param name="name">The name.</param>
/// <param name="split">The words of a text.</param>
public sealed class BleuTokenizer(string name, Func<string, IReadOnlyList<string>> split)
{
    private static readonly SpacingRule[] _western =
    [
        new(r => r.IsAscii && (r.Value == ' ' || PlainText.IsPunctuation((char)r.Value)) && r.Value is not ('\'' or ',' or '-' or '.')),
        new(r => !IsDigit(r), IsStop),
        new(IsStop, r => !IsDigit(r), SetsOffFirst: true),
        new(IsDigit, r => r.Value == '-'),
    ];

    private static readonly SpacingRule[] _international =
    [
        new(r => !Rune.IsNumber(r), Rune.IsPunctuation),
        new(Rune.IsPunctuation, r => !Rune.IsNumber(r), SetsOffFirst: true),
        new(Rune.IsSymbol),
    ];

    private static readonly BleuTokenizer[] _all =
    [
        new("13a", text => SpacingRule.Split($" {Unescape(text.Replace("<skipped>", "").Replace("-\n", "").Replace('\n', ' '))} ", _western)),
        new("intl", text => SpacingRule.Split(text, _international)),
        new("char", text => [.. PlainText.Runes(text).Where(r => !(r.IsBmp && PlainText.IsBlank((char)r.Value))).Select(r => r.ToString())]),
        new("none", text => PlainText.Split(text)),
    ];

    /// <summary><c>13a</c>, the usual one: punctuation is set off but within numbers, for languages that put blanks between words.</summary>
    public static BleuTokenizer Western => Get("13a");

    /// <summary><c>intl</c>: the same with the punctuation and symbols of all scripts.</summary>
    public static BleuTokenizer International => Get("intl");

    /// <summary><c>char</c>: every character is a word.</summary>
    public static BleuTokenizer Character => Get("char");

    /// <summary><c>none</c>: words stand between blanks.</summary>
    public static BleuTokenizer None => Get("none");

    /// <summary>The names that <see cref="Get"/> knows.</summary>
    public static IReadOnlyCollection<string> Names => [.. _all.Select(t => t.Name)];

    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>The tokenizer of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static BleuTokenizer Get(string name) => Array.Find(_all, t => t.Name == name)
        ?? throw new ArgumentException($"'{name}' is not a known tokenizer of BLEU. Known: {string.Join(", ", Names)}.", nameof(name));

    /// <summary>The words of a text.</summary>
    public IReadOnlyList<string> Split(string text) => split(text);

    // Twice escaped ones are turned into what they stand for in the end, in this order.
    private static string Unescape(string text) => text.Contains('&')
        ? text.Replace("&quot;", "\"").Replace("&amp;", "&").Replace("&lt;", "<").Replace("&gt;", ">")
        : text;

    private static bool IsDigit(Rune rune) => rune.Value is >= '0' and <= '9';

    private static bool IsStop(Rune rune) => rune.Value is '.' or ',';
}
