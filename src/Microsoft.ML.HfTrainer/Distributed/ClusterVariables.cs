using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer.Distributed;

/// <summary>Environment variables as numbers and host names. Empty variables and -1 count as not set.</summary>
internal sealed partial class ClusterVariables(IReadOnlyDictionary<string, string> variables)
{
    public bool Has(string name) => variables.TryGetValue(name, out var value) && value.Trim() is not ("" or "-1");

    /// <summary>Returns the first of the variables that is set, or null.</summary>
    public string? FirstSet(IEnumerable<string> names) => names.FirstOrDefault(Has);

    /// <summary>Returns the value of a variable that is set.</summary>
    public string Value(string name) => variables[name].Trim();

    /// <summary>Returns a variable with its value, for messages.</summary>
    public string Show(string name) => Has(name) ? $"{name} is '{Value(name)}'" : $"{name} is not set";

    /// <summary>Returns the first of the variables that is set as a number, or null if none is.</summary>
    /// <exception cref="ArgumentException">It is not a number of at least 0.</exception>
    public int? Number(IEnumerable<string> names) => FirstSet(names) is { } name ? Parse(name, Value(name)) : null;

    /// <summary>Returns the entry of a machine in the first of the variables that is set: a number for all machines, or a list of numbers such as <c>4(x2),3</c>.</summary>
    /// <exception cref="ArgumentException">It is no such list.</exception>
    public int? NumberOfNode(IEnumerable<string> names, int node)
    {
        if (FirstSet(names) is not { } name)
            return null;
        var parts = Value(name).Split(',');
        if (parts is [var same] && !Repeated().IsMatch(same))
            return Parse(name, same);
        foreach (var part in parts)
        {
            var match = Repeated().Match(part);
            var (count, nodes) = match.Success ? (match.Groups["count"].Value, Parse(name, match.Groups["nodes"].Value)) : (part, 1);
            if (node < nodes)
                return Parse(name, count);
            node -= nodes;
        }
        return null;
    }

    /// <summary>Returns the first of the variables that is set as an address, or as the first host of a list such as <c>node[01-04],login</c>; null if none is.</summary>
    public (string Host, int? Port)? Address(IEnumerable<string> names)
    {
        if (FirstSet(names) is not { } name)
            return null;
        var host = HostList().Replace(Value(name), "$1$2");
        return host.Count(c => c == ':') == 1 && host.Split(':') is [var address, var port] ? (address, Parse(name, port)) : (host, null);
    }

    private static int Parse(string name, string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new ArgumentException($"The environment variable {name} has '{value}'; it should be a whole number of at least 0.");

    [GeneratedRegex(@"^(?<count>\d+)\(x(?<nodes>\d+)\)$")]
    private static partial Regex Repeated();

    // The name up to the first comma; or up to a bracket, and the first number in it.
    [GeneratedRegex(@"^([^\[,]*)(?:\[(\w+)[^\]]*\])?.*$")]
    private static partial Regex HostList();
}
