using Microsoft.ML.Runtime;

namespace Microsoft.ML.HfTrainer.Native.MlNet;

/// <summary>A transformer that can be read from a model's <c>.zip</c>.</summary>
internal interface ISavedTransformer<TSelf> : ITransformer where TSelf : ISavedTransformer<TSelf>
{
    /// <summary>The format of its entry.</summary>
    static abstract ArchiveFormat Format { get; }

    /// <summary>Reads the transformer.</summary>
    static abstract TSelf Read(MlHost host, ArchiveReader archive);
}

/// <summary>Registers the loader of a transformer, by which <c>mlContext.Model.Load</c> finds it.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class SavedTransformerAttribute<T>(string loader)
    : LoadableClassAttributeBase(null, typeof(T), typeof(Loader), null, [typeof(SignatureLoadModel)], typeof(T).Name, loader) where T : ISavedTransformer<T>
{
    internal static class Loader
    {
        // ML.NET looks for a method of this name and signature.
        public static T Create(IHostEnvironment environment, ModelLoadContext context) =>
            T.Read(MlHost.For(environment, typeof(T).Name), new ArchiveReader(context, T.Format, environment));
    }
}
