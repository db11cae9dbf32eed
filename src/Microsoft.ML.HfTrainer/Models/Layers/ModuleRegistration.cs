using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Registers the blocks of a model under their names in checkpoints.</summary>
public static class ModuleRegistration
{
    /// <summary>Registers a child under a dotted name, such as <c>attention.self.query</c>; the blocks in between exist by name alone.</summary>
    /// <param name="parent">The module that holds it.</param>
    /// <param name="path">The name of the child's weights in checkpoints, relative to the parent.</param>
    /// <param name="child">The child: a <see cref="Layer"/> or any module of TorchSharp.</param>
    /// <returns>The child.</returns>
    public static T Register<T>(this nn.Module parent, string path, T child) where T : nn.Module
    {
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            var between = parent.named_children().FirstOrDefault(c => c.name == name).module;
            if (between is null)
                parent.register_module(name, between = new Container());
            parent = between;
        }
        parent.register_module(names[^1], child);
        return child;
    }

    private sealed class Container : Layer;
}
