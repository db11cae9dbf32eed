namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies the type of a model's weights (<c>dtype</c>).</summary>
public enum ModelDType
{
    /// <summary>32-bit floats, whatever the file holds.</summary>
    Float32,

    /// <summary>The type in the configuration (<c>dtype</c>, or <c>torch_dtype</c> in older ones), or else that of the first weight of the file.</summary>
    Auto,

    /// <summary>16-bit floats with the range of float32 and 8 bits of precision.</summary>
    BFloat16,

    /// <summary>16-bit floats with 11 bits of precision, up to 65504.</summary>
    Float16,
}
