using System.Runtime.CompilerServices;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>
/// The resource limits of one rendering. Templates come with models from anywhere; one that loops forever or keeps doubling a text must end with an
/// error. The limits grow with the size of the input, so that long chats remain possible.
/// </summary>
internal sealed class Budget(long inputSize)
{
    private const long BaseSteps = 1 << 23, StepsPerInput = 16, BaseCharacters = 1 << 26, CharactersPerInput = 64;

    private long _steps = BaseSteps + (StepsPerInput * inputSize);
    private long _characters = BaseCharacters + (CharactersPerInput * inputSize);

    /// <summary>Charges evaluations and visited elements.</summary>
    public void Step(long count = 1)
    {
        _steps -= count;
        if (_steps < 0)
            throw new TemplateFault("it takes too many steps; does it loop over its own results?");
    }

    /// <summary>Charges characters that are read, which costs far less than a step each.</summary>
    public void Read(long characters) => Step(characters / 64);

    /// <summary>Charges characters of new strings; called before a string is created if it may be large.</summary>
    public void Write(long characters)
    {
        _characters -= characters;
        if (_characters < 0)
            throw new TemplateFault("it makes too much text; does it repeat or join its own results?");
    }

    /// <summary>Throws while there is still room on the stack.</summary>
    public static void CheckDepth()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateFault("it is nested too deeply, or a macro calls itself without end.");
    }
}
