using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies the kind of fault of an argument in JSON or on a command line.</summary>
public enum ArgumentFaultKind
{
    /// <summary>No argument has this name.</summary>
    Unknown,

    /// <summary>The argument exists in Hugging Face Transformers, but the value asks for something that this library does not support.</summary>
    Refused,

    /// <summary>The value is of the wrong type or not one of the choices.</summary>
    WrongValue,

    /// <summary>The value is missing.</summary>
    MissingValue,
}

/// <summary>A fault of an argument in JSON or on a command line.</summary>
/// <param name="Name">The name of the argument as given.</param>
/// <param name="Kind">The kind of fault.</param>
/// <param name="Message">A message with the source of the argument, the value found and the values allowed.</param>
public sealed record ArgumentFault(string Name, ArgumentFaultKind Kind, string Message);

/// <summary>The exception that is thrown when arguments in JSON or on a command line are invalid. It lists all faults.</summary>
public sealed class InvalidArgumentsException : ArgumentException
{
    internal InvalidArgumentsException(IReadOnlyList<ArgumentFault> faults) : base(FaultList.Join(faults.Select(fault => fault.Message))) => Faults = faults;

    /// <summary>Gets the faults in the order in which they were found.</summary>
    public IReadOnlyList<ArgumentFault> Faults { get; }
}
