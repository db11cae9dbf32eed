using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

/// <summary>What is wrong with an argument that was read.</summary>
public enum ArgumentFaultKind
{
    /// <summary>There is no such argument.</summary>
    Unknown,

    /// <summary>The original has the argument, and what it asks for is not there.</summary>
    Refused,

    /// <summary>The value is of the wrong kind, or none of the choices.</summary>
    WrongValue,

    /// <summary>A value is missing.</summary>
    MissingValue,
}

/// <summary>An argument that could not be read.</summary>
/// <param name="Name">Its name as it was given.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Message">The same in words: where it stands, what was found, what would be right.</param>
public sealed record ArgumentFault(string Name, ArgumentFaultKind Kind, string Message);

/// <summary>Arguments in JSON or on a command line could not be read; all faults are listed.</summary>
public sealed class InvalidArgumentsException : ArgumentException
{
    internal InvalidArgumentsException(IReadOnlyList<ArgumentFault> faults) : base(FaultList.Join(faults.Select(fault => fault.Message))) => Faults = faults;

    /// <summary>The faults, in the order in which they were found.</summary>
    public IReadOnlyList<ArgumentFault> Faults { get; }
}
