using System.Text;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Metrics.Text;

namespace Microsoft.ML.HfTrainer;

/// <summary>A tokenizer of BLEU, which splits a text into words. Scores are comparable only if the tokenizer is the same. The names are those of sacrebleu.</summary>
/// <param name="name">The name.</param>
/// <param name="split">Splits a text into words.</param>
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

    /// <summary><c>13a</c>: separates punctuation, except within numbers; for languages that separate words by spaces. The default of sacrebleu.</summary>
    public static BleuTokenizer Western => Get("13a");

    /// <summary><c>intl</c>: as <c>13a</c>, with the punctuation and symbols of all scripts.</summary>
    public static BleuTokenizer International => Get("intl");

    /// <summary><c>char</c>: every character is a word.</summary>
    public static BleuTokenizer Character => Get("char");

    /// <summary><c>none</c>: splits at whitespace.</summary>
    public static BleuTokenizer None => Get("none");

    /// <summary>Gets the names that <see cref="Get"/> accepts.</summary>
    public static IReadOnlyCollection<string> Names => [.. _all.Select(t => t.Name)];

    /// <summary>Gets the name.</summary>
    public string Name { get; } = name;

    /// <summary>Returns the tokenizer with a name.</summary>
    /// <exception cref="ArgumentException">There is no such tokenizer.</exception>
    public static BleuTokenizer Get(string name) => Array.Find(_all, t => t.Name == name)
        ?? throw new ArgumentException($"'{name}' is not a known tokenizer of BLEU.{NamedChoice.Suggestion(name, Names)} Known: {string.Join(", ", Names)}.", nameof(name));

    /// <summary>Splits a text into words.</summary>
    public IReadOnlyList<string> Split(string text) => split(text);

    // Twice escaped ones are turned into what they stand for in the end, in this order.
    private static string Unescape(string text) => text.Contains('&')
        ? text.Replace("&quot;", "\"").Replace("&amp;", "&").Replace("&lt;", "<").Replace("&gt;", ">")
        : text;

    private static bool IsDigit(Rune rune) => rune.Value is >= '0' and <= '9';

    private static bool IsStop(Rune rune) => rune.Value is '.' or ',';
}
