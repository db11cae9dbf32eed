using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>The columns to tokenize.</summary>
/// <param name="Text">The name of the column of texts, or of the first texts of pairs.</param>
/// <param name="Pair">The name of the column of second texts or choices; null for single texts.</param>
/// <param name="Form">What the columns hold.</param>
internal sealed record TextColumns(string Text, string? Pair, TextForm Form = TextForm.Plain)
{
    /// <summary>true if the columns hold the contents and the roles of the messages of chats.</summary>
    public bool IsChat => Form == TextForm.Chat;

    public IEnumerable<string> Names => Pair is null ? [Text] : [Text, Pair];

    /// <summary>Checks that the columns exist and that both hold texts, or both hold words.</summary>
    public void Check(MlHost host, SchemaShape shape)
    {
        var text = Find(host, shape, Text);
        switch (Form)
        {
            case TextForm.Choices when HoldsWords(text) || !HoldsWords(Find(host, shape, Pair!)):
                throw host.SchemaError(
                    $"TokenizeHf cannot pair the column '{Text}', which is {text.TypeText()}, with each of the choices in '{Pair}', which is {Find(host, shape, Pair!).TypeText()}: the first one " +
                    $"holds texts ({TextDataViewType.Instance}), the second one vectors of {TextDataViewType.Instance}.");
            case TextForm.Chat when !HoldsWords(text) || !HoldsWords(Find(host, shape, Pair!)):
                throw host.SchemaError(
                    $"A chat has contents in '{Text}', which is {text.TypeText()}, and roles in '{Pair}', which is {Find(host, shape, Pair!).TypeText()}; both should be vectors of " +
                    $"{TextDataViewType.Instance}, one for each message.");
            case TextForm.SplitAtSpaces when HoldsWords(text):
                throw host.SchemaError(
                    $"The option SplitIntoWords of TokenizeHf is set, and the column '{Text}' is {text.TypeText()}, which holds words already; leave the option out.");
        }
        if (Form != TextForm.Choices && Pair is not null && Find(host, shape, Pair) is var pair && HoldsWords(pair) != HoldsWords(text))
            throw host.SchemaError(
                $"TokenizeHf cannot pair the column '{Text}', which is {text.TypeText()}, with the column '{Pair}', which is {pair.TypeText()}: either both hold texts " +
                $"({TextDataViewType.Instance}), or both hold the words of texts (vectors of {TextDataViewType.Instance}).");
    }

    public override string ToString() => string.Join(" and ", Names.Select(name => $"'{name}'"));

    private static SchemaShape.Column Find(MlHost host, SchemaShape shape, string name)
    {
        if (!shape.Find(name, out var column))
            throw host.SchemaError(
                $"TokenizeHf needs the text column '{name}', and there is no such column. {ColumnNames.Found(name, shape.Select(c => c.Name))}");
        return column.Value.ItemType is TextDataViewType ? column.Value : throw host.SchemaError(
            $"The column '{name}', which TokenizeHf should tokenize, is {column.Value.TypeText()}; it should be text ({TextDataViewType.Instance}), or the words of a text " +
            $"(a vector of {TextDataViewType.Instance}).");
    }

    private static bool HoldsWords(SchemaShape.Column column) => column.Kind != SchemaShape.Column.VectorKind.Scalar;
}
