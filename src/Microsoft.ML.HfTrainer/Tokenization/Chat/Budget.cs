using System.Runtime.CompilerServices;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>
/// What one rendering may take. Templates come with models from anywhere: one that loops for ever, or doubles a text again and again,
/// must end in an error. The limits grow with what the template is given, so that long chats stay possible.
/// </summary>
internal sealed class Budget(long inputSize)
{
    private const long BaseSteps = 1 << 23, StepsPerInput = 16, BaseCharacters = 1 << 26, CharactersPerInput = 64;

    private long _steps = BaseSteps + (StepsPerInput * inputSize);
    private long _characters = BaseCharacters + (CharactersPerInput * inputSize);

    /// <summary>Counts evaluations and visited elements.</summary>
    public void Step(long count = 1)
    {
        _steps -= count;
        if (_steps < 0)
            throw new TemplateFault("it takes too many steps; does it loop over its own results?");
    }

    /// <summary>Counts characters that are looked at, which takes far less time than a step each.</summary>
    public void Read(long characters) => Step(characters / 64);

    /// <summary>Counts characters of new texts; called before they are made where their number may be large.</summary>
    public void Write(long characters)
    {
        _characters -= characters;
        if (_characters < 0)
            throw new TemplateFault("it makes too much text; does it repeat or join its own results?");
    }

    /// <summary>Faults while there is still room on the stack.</summary>
    public static void CheckDepth()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateFault("it is nested too deeply, or a macro calls itself without end.");
    }
}
