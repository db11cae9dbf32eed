using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Microsoft.ML.HfTrainer.Tests.Readme;

/// <summary>The XML documentation of the library's public members, as Markdown.</summary>
internal static partial class XmlDocumentation
{
    private static readonly Dictionary<string, XElement> _members = XDocument.Load(Path.ChangeExtension(typeof(Trainer).Assembly.Location, ".xml"))
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>The summary of a property, and its remarks in <paramref name="remarks"/>.</summary>
    public static string SummaryOf(PropertyInfo property, out string remarks)
    {
        var member = _members[$"P:{property.DeclaringType!.FullName}.{property.Name}"];
        remarks = Render(member.Element("remarks"), property);
        return Render(member.Element("summary"), property);
    }

    private static string Render(XElement? text, PropertyInfo property) =>
        text is null ? "" : Blanks().Replace(string.Concat(text.Nodes().Select(node => Render(node, property))), " ").Trim();

    private static string Render(XNode node, PropertyInfo property) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{ShortName(see.Attribute("cref")!.Value, property)}`",
        _ => throw new NotSupportedException($"{property.Name}: {node}"),
    };

    // Members of other types are shown with their type.
    private static string ShortName(string cref, PropertyInfo property)
    {
        var parts = cref.Split(':', '.', '(');
        return cref[0] == 'T' || parts[^2] == property.DeclaringType!.Name ? parts[^1] : $"{parts[^2]}.{parts[^1]}";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
