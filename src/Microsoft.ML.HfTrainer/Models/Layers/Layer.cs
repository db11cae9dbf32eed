using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A block of a model. Its children are registered under their weight names, so that a checkpoint's names are said once, where a block is made.</summary>
public abstract class Layer() : nn.Module("layer")
{
    /// <summary>Fills one of its own parameters as new.</summary>
    /// <param name="name">The parameter's name in this block.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="deviation">The standard deviation of new matrices (<c>initializer_range</c>).</param>
    public virtual void Initialize(string name, Tensor parameter, double deviation) => parameter.zero_();

    /// <summary>Whether files hold its parameters; where they do not, these are as new in every model that is loaded.</summary>
    public virtual bool IsSaved => true;

    /// <summary>Whether files may lack its parameters without anything being amiss.</summary>
    public virtual bool IsOptional => !IsSaved;

    /// <summary>Does nothing: blocks register their components by name, and reflection would register each a second time.</summary>
    protected override void RegisterComponents()
    {
    }
}

/// <summary>Registration of children by dotted weight names.</summary>
internal static class ModuleRegistration
{
    /// <summary>Registers <paramref name="child"/> as <c>attention.self.query</c> and the like; the blocks between exist by name alone.</summary>
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
