using System.Numerics;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>The Python names of types, which template authors know, for messages.</summary>
internal static class TypeNames
{
    public static string Of(object? value) => value switch
    {
        null => "None",
        bool => "bool",
        long or BigInteger => "int",
        double => "float",
        string => "str",
        TemplateObject composite => composite.TypeName,
        _ => value.GetType().Name,
    };

    public static string WithArticle(object? value) => 
        value is null ? "None" : value is Undefined ? "an undefined value" : $"{(value is long or BigInteger ? "an" : "a")} {Of(value)}";
}
