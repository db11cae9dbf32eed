using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>The model of a fitted transformer in a temporary folder, from which training goes on.</summary>
internal sealed class FittedModel : IDisposable
{
    private readonly string _temporary = Directory.CreateTempSubdirectory("hftrainer-warm-").FullName;

    private FittedModel()
    {
    }

    /// <summary>The folder, whose name says in messages what it is.</summary>
    public string Folder => Path.Combine(_temporary, "WarmStart");

    /// <summary>Writes the model of a transformer.</summary>
    /// <param name="host">Marks exceptions.</param>
    /// <param name="fitted">The transformer.</param>
    /// <param name="tokens">The tokenizer of the training data.</param>
    /// <exception cref="ArgumentException">The transformer has another tokenizer than the training data.</exception>
    public static FittedModel Of(MlHost host, HfTransformer fitted, TokenizerNote tokens)
    {
        if (fitted.Tokenizer.Identity != tokens.Identity)
            throw host.Mark(new ArgumentException(
                $"The model of the option WarmStart was trained with the tokenizer '{fitted.Tokenizer.Name}' ({fitted.Tokenizer.Identity}), and the data was tokenized with '{tokens.Name}' " +
                $"({tokens.Identity}); tokenize it with the TokenizeHf that the model was trained with."));
        var model = new FittedModel();
        try
        {
            fitted.SavePretrained(model.Folder);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(_temporary, recursive: true);
}
