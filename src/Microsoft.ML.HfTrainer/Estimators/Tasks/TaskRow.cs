using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tasks;

/// <summary>Data that rows come from, for messages.</summary>
/// <param name="Host">Marks exceptions.</param>
/// <param name="Name">The name of the data, such as "the training data"; null in prediction.</param>
internal sealed record RowSource(MlHost Host, string? Name = null)
{
    /// <summary>The name of a row.</summary>
    /// <param name="number">Its number, from 1.</param>
    public string NameOf(long number) => Name is null ? $"Row {number}" : $"Row {number} of {Name}";

    /// <summary>An exception about a column that is missing.</summary>
    public Exception Missing(string kind, string column, DataViewSchema schema)
    {
        var message = $"There is no {kind} '{column}'{(Name is null ? "" : $" in {Name}")}. {ColumnNames.Found(column, schema.Select(c => c.Name))}";
        return Name is null ? Host.SchemaError(message) : Host.Mark(new ArgumentException(message));
    }

    /// <summary>An exception about a column of another type than that of the training data.</summary>
    /// <param name="kind">What messages call the column.</param>
    /// <param name="column">The column.</param>
    /// <param name="wanted">What it should be.</param>
    public Exception Unlike(string kind, DataViewSchema.Column column, string wanted)
    {
        var message = $"The {kind} '{column.Name}' of {Name ?? "the data"} is {column.Type}; it should be {wanted}, as in the training data.";
        return Name is null ? Host.SchemaError(message) : Host.Mark(new ArgumentException(message));
    }
}

/// <summary>A row as a task reads it.</summary>
/// <param name="source">The data that it comes from.</param>
/// <param name="number">Its number, from 1.</param>
/// <param name="tokens">Its tokens, of each token set.</param>
/// <param name="values">Its values by feature name; labels are among them in training alone.</param>
/// <param name="tokenizer">The tokenizer of the tokens.</param>
internal sealed class TaskRow(RowSource source, long number, TokenSequence[] tokens, KeyValuePair<string, Feature>[] values, Lazy<HfTokenizer> tokenizer)
{
    public IReadOnlyList<TokenSequence> Tokens => tokens;

    /// <summary>The tokenizer of the tokens, for texts that the task tokenizes itself, such as targets.</summary>
    public HfTokenizer Tokenizer => tokenizer.Value;

    /// <summary>The name of the row, for messages.</summary>
    public string Name => source.NameOf(number);

    /// <summary>The number of tokens of all sets.</summary>
    public long Length => tokens.Sum(set => (long)set.Length);

    /// <summary>The value of a feature, or the default value (<see cref="Feature.IsDefault"/>) if the row does not have it.</summary>
    public Feature this[string feature] => Array.Find(values, value => value.Key == feature).Value;

    /// <summary>The tokens of the first set and all values, as an example.</summary>
    public Example ToExample()
    {
        var example = tokens[0].ToExample();
        foreach (var (name, value) in values)
            example[name] = value;
        return example;
    }

    /// <summary>Cuts the last text of the first set into overlapping windows.</summary>
    /// <param name="maxLength">The maximum length of a window in tokens, including those around the text.</param>
    /// <param name="stride">The number of tokens that a window repeats from the one before.</param>
    /// <exception cref="InvalidDataException">The tokens around the text and the stride leave no room for the text.</exception>
    public IReadOnlyList<TokenWindow> Windows(int maxLength, int stride)
    {
        try
        {
            return TokenWindow.Cut(tokens[0], maxLength, stride);
        }
        catch (ArgumentException refusal)
        {
            throw Refuse($"cannot be cut into windows. {refusal.Message}");
        }
    }

    /// <summary>An exception about the row.</summary>
    /// <param name="fault">What is wrong; it follows the name of the row.</param>
    public InvalidDataException Refuse(string fault) => source.Host.Mark(new InvalidDataException($"{Name} {fault}"));

    public bool ContentEquals(TaskRow other)
    {
        for (var i = 0; i < tokens.Length; i++)
            if (!tokens[i].ContentEquals(other.Tokens[i]))
                return false;
        return Array.TrueForAll(values, value => value.Value.ContentEquals(other[value.Key]));
    }
}
