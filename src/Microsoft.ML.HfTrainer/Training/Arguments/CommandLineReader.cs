using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Parses the options of a command line like the Hugging Face <c>HfArgumentParser</c>.</summary>
internal sealed partial class CommandLineReader
{
    private static readonly Dictionary<string, Option> _options = Options().ToDictionary(option => option.Spelling);

    private readonly IReadOnlyList<string> _words;
    private readonly ArgumentReader _reader = new(name => $"--{name}");
    private readonly List<List<string>> _unknown = [];
    private int _next;

    public CommandLineReader(IReadOnlyList<string> words)
    {
        _words = words;
        while (_next < _words.Count)
            ReadOne();
    }

    /// <summary>Gets the words that are not training arguments: unknown options with the words that follow them, and words that belong to no option.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Unknown => _unknown;

    /// <summary>Returns the arguments.</summary>
    /// <exception cref="InvalidArgumentsException">A value is invalid or missing, or an option is not supported.</exception>
    public TrainingArguments Finish() => _reader.Finish();

    /// <inheritdoc cref="Finish"/>
    /// <remarks>Words that are not training arguments are faults.</remarks>
    public TrainingArguments FinishAll()
    {
        foreach (var words in _unknown)
            _reader.AddUnknown(words[0].Split('=')[0].TrimStart('-').Replace('-', '_'), $"'{words[0]}'");
        return _reader.Finish();
    }

    private void ReadOne()
    {
        var word = _words[_next++];
        var (spelling, value) = word.StartsWith("--", StringComparison.Ordinal) && word.IndexOf('=') is var at and > 0 ? (word[..at], word[(at + 1)..]) : (word, null);
        if (Find(spelling) is not { } option)
            _unknown.Add(IsOption(word) ? [word, .. TakeValues(int.MaxValue)] : [word]);
        else if (value is null)
            Add(option, [.. TakeValues(option.MostWords)]);
        else if (option.MostWords > 0)
            Add(option, [value]);
        else
            _reader.AddFault(option.Name, ArgumentFaultKind.WrongValue, $"{spelling} is '{value}'; it takes no value.");
    }

    private void Add(Option option, string[] words)
    {
        if (words.Length > 0)
            _reader.Add(option.Name, new WordsGiven(words));
        else if (option.BareValue is { } bare)
            _reader.Add(option.Name, new WordsGiven([bare]));
        else
            _reader.AddFault(option.Name, ArgumentFaultKind.MissingValue, $"{option.Spelling} has no value; it should be {option.Type!.Expected}.");
    }

    private IEnumerable<string> TakeValues(int most)
    {
        for (var taken = 0; taken < most && _next < _words.Count && !IsOption(_words[_next]); taken++)
            yield return _words[_next++];
    }

    // Like argparse, accepts any unambiguous prefix of an option.
    private Option? Find(string spelling)
    {
        if (_options.TryGetValue(spelling, out var exact))
            return exact;
        if (!spelling.StartsWith("--", StringComparison.Ordinal) || spelling.Length == 2)
            return null;
        var candidates = _options.Values.Where(option => option.IsCurrent && option.Spelling.StartsWith(spelling, StringComparison.Ordinal)).ToList();
        return candidates.Count == 1 ? candidates[0] : null;
    }

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-' && !word.Contains(' ') && !NegativeNumber().IsMatch(word);

    private static IEnumerable<Option> Options() =>
    [
        .. ArgumentField.All.SelectMany(field => Spell(field.Name, field.Type, field.BareValue, isCurrent: true)),
        .. ArgumentField.All.Where(field => field.HasNegation).SelectMany(field => Negate(field.Name, isCurrent: true)),
        .. OlderName.All.Where(older => older.Name != older.NewName).SelectMany(older => Spell(older.Name, older.Type, older.Type is FlagType ? "true" : null, isCurrent: false)),
        .. ForeignArgument.All.SelectMany(foreign => Spell(foreign.Name, type: null, "true", isCurrent: false).Concat(Negate(foreign.Name, isCurrent: false))),
    ];

    private static IEnumerable<Option> Spell(string name, ArgumentType? type, string? bareValue, bool isCurrent) =>
        Spellings(name).Select(spelling => new Option(spelling, name, type, type?.TakesManyWords == false ? 1 : int.MaxValue, bareValue, isCurrent));

    private static IEnumerable<Option> Negate(string name, bool isCurrent) => Spellings($"no_{name}").Select(spelling => new Option(spelling, name, null, 0, "false", isCurrent));

    private static IEnumerable<string> Spellings(string name) => new[] { $"--{name}", $"--{name.Replace('_', '-')}" }.Distinct();

    [GeneratedRegex(@"^-(\d|\.\d)")]
    private static partial Regex NegativeNumber();

    /// <param name="Spelling">The option as written on the command line.</param>
    /// <param name="Name">The name of the argument.</param>
    /// <param name="Type">The type of its value, or null for any.</param>
    /// <param name="MostWords">The maximum number of words that it takes.</param>
    /// <param name="BareValue">The value if no word follows, or null if one is required.</param>
    /// <param name="IsCurrent">Whether a prefix of the option is accepted for it.</param>
    private sealed record Option(string Spelling, string Name, ArgumentType? Type, int MostWords, string? BareValue, bool IsCurrent);
}
