using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>The frequencies of a rotary embedding: the angle by which each pair of elements is rotated from one position to the next.</summary>
/// <param name="ByLength">Returns the frequencies for texts of up to that number of tokens.</param>
/// <param name="Amplitude">The factor by which rotated vectors are multiplied.</param>
/// <param name="DependsOnLength">true if the frequencies depend on the length of the text.</param>
internal sealed record RotaryFrequencies(Func<long, float[]> ByLength, double Amplitude = 1, bool DependsOnLength = false)
{
    /// <summary>Returns the frequencies for a batch with these positions.</summary>
    public float[] Of(Tensor positions) => ByLength(DependsOnLength ? positions.max().item<long>() + 1 : 0);
}

/// <summary>Computes the frequencies of rotary embeddings, by <c>rope_type</c>: the ways of scaling them for texts longer than those of the first training.</summary>
internal static class RotaryScaling
{
    private static readonly Dictionary<string, Func<Settings, RotaryFrequencies>> _byType = new()
    {
        ["default"] = settings => Constant(settings.Unscaled()),
        ["linear"] = settings => Constant([.. settings.Unscaled().Select(f => f / settings.Factor)]),
        ["dynamic"] = DynamicNtk,
        ["yarn"] = Yarn,
        ["longrope"] = LongRope,
        ["su"] = LongRope,
        ["llama3"] = Llama3,
    };

    /// <inheritdoc cref="RotaryEmbedding.FromConfig(PretrainedConfig, JsonFields, int, double, double)"/>
    public static RotaryFrequencies Frequencies(PretrainedConfig config, JsonFields? section, int headSize, double theta, double partialFactor)
    {
        section ??= JsonFields.Read(config.Source, "{}"u8);
        theta = section.GetDouble("rope_theta", theta);
        if (!(theta > 0) || !double.IsFinite(theta))
            throw section.Error("rope_theta", FormattableString.Invariant($"is {theta}"), "a number above 0");
        partialFactor = section.GetDouble("partial_rotary_factor", config.GetDouble("partial_rotary_factor", partialFactor));
        var size = partialFactor is > 0 and <= 1 ? (int)(headSize * partialFactor) : throw section.Error("partial_rotary_factor", FormattableString.Invariant($"is {partialFactor}"), "a number above 0 and at most 1");
        if (size < 2 || size % 2 != 0)
            throw config.Error("head_dim", $"(or what follows from hidden_size and the number of heads) leaves {size} of {headSize} elements of a head to rotate", "such that their number is even and above 0");
        var type = section.GetString("rope_type", section.GetString("type", "default"));
        return _byType.TryGetValue(type, out var make)
            ? make(new Settings(config, section, size, theta))
            : throw section.Error("rope_type", $"is \"{type}\"", $"one of {string.Join(", ", _byType.Keys)}");
    }

    private static RotaryFrequencies Constant(float[] frequencies) => new(_ => frequencies);

    // Beyond the trained length the base grows with the length (bloc97 2023, "dynamic NTK"). Hugging Face Transformers keeps the frequencies of the longest text seen so
    // far; here each batch has those of its own length, so that the output depends on the input alone.
    private static RotaryFrequencies DynamicNtk(Settings settings)
    {
        var (factor, trained) = ((double)settings.Factor, settings.Positions);
        float[] ByLength(long length)
        {
            var growth = factor * Math.Max(length, trained) / trained - (factor - 1);
            return settings.Unscaled(settings.Theta * Math.Pow(growth, settings.Size / (settings.Size - 2.0)));
        }
        return settings.Size > 2 ? new RotaryFrequencies(ByLength, DependsOnLength: true) : throw settings.Config.Error("head_dim", "leaves 2 elements to rotate", "above that for the rope_type dynamic");
    }

    // Low frequencies are interpolated, high ones stay as they are, and those between are mixed (Peng et al. 2023, arXiv:2309.00071).
    private static RotaryFrequencies Yarn(Settings settings)
    {
        // The first configurations of Phi-3 use this name for LongRoPE.
        if (settings.Fields.Has("short_factor"))
            return LongRope(settings);
        var factor = settings.FactorOfLengths;
        double Element(double rotations) => settings.Size * Math.Log(settings.OriginalPositions / (rotations * 2 * Math.PI)) / (2 * Math.Log(settings.Theta));
        var (first, last) = (Element(settings.Fields.GetDouble("beta_fast", 32)), Element(settings.Fields.GetDouble("beta_slow", 1)));
        if (settings.Fields.GetBool("truncate", true))
            (first, last) = (Math.Floor(first), Math.Ceiling(last));
        (first, last) = (Math.Max(first, 0), Math.Min(last, settings.Size - 1));
        if (first == last)
            last += 0.001;
        float Mixed(float frequency, int element)
        {
            var interpolated = (float)Math.Clamp((element - first) / (last - first), 0, 1);
            return frequency / (float)factor * interpolated + frequency * (1 - interpolated);
        }
        double Amplitude(double scale) => factor <= 1 ? 1 : 0.1 * scale * Math.Log(factor) + 1;
        var (scale, wholeScale) = (settings.Fields.GetDouble("mscale", 0), settings.Fields.GetDouble("mscale_all_dim", 0));
        var amplitude = scale != 0 && wholeScale != 0 ? Amplitude(scale) / Amplitude(wholeScale) : Amplitude(1);
        return Constant([.. settings.Unscaled().Select(Mixed)]) with { Amplitude = settings.Fields.GetDouble("attention_factor", amplitude) };
    }

    // Each frequency has a divisor that was found by search, one for texts up to the original length and one for longer texts (Ding et al. 2024, arXiv:2402.13753).
    private static RotaryFrequencies LongRope(Settings settings)
    {
        var plain = settings.Unscaled();
        float[] Divided(string field)
        {
            var divisors = settings.Fields.GetNumbers(field) ?? throw settings.Fields.Error(field, "is missing", "a list of numbers");
            return divisors.Count == plain.Length && divisors.All(d => d != 0)
                ? [.. plain.Zip(divisors, (frequency, divisor) => frequency / (float)divisor)]
                : throw settings.Fields.Error(field, $"has {divisors.Count} numbers", $"a list of {plain.Length} numbers other than 0");
        }
        var (shorter, longer, length, factor) = (Divided("short_factor"), Divided("long_factor"), settings.OriginalPositions, settings.FactorOfLengths);
        var amplitude = factor <= 1 ? 1 : Math.Sqrt(1 + Math.Log(factor) / Math.Log(length));
        return new RotaryFrequencies(textLength => textLength > length ? longer : shorter, settings.Fields.GetDouble("attention_factor", amplitude), DependsOnLength: true);
    }

    // Wavelengths that fit often enough into the original length stay as they are, those that hardly fit are interpolated, and those between are mixed
    // (Llama Team 2024, arXiv:2407.21783).
    private static RotaryFrequencies Llama3(Settings settings)
    {
        var (factor, length) = (settings.Factor, settings.OriginalPositions);
        var (low, high) = (settings.Required("low_freq_factor"), settings.Required("high_freq_factor"));
        if (high <= low)
            throw settings.Fields.Error("high_freq_factor", FormattableString.Invariant($"is {high}"), FormattableString.Invariant($"above low_freq_factor, {low}"));
        float Scaled(float frequency)
        {
            var wavelength = 2 * MathF.PI / frequency;
            if (wavelength > length / low)
                return frequency / factor;
            var kept = Math.Min(1, (length / wavelength - low) / (high - low));
            return (1 - kept) * frequency / factor + kept * frequency;
        }
        return Constant([.. settings.Unscaled().Select(Scaled)]);
    }

    private sealed record Settings(PretrainedConfig Config, JsonFields Fields, int Size, double Theta)
    {
        public int Positions => Config.GetSize("max_position_embeddings");

        // Phi-3 has the field outside the section.
        public int OriginalPositions => (Config.GetIntOrNull("original_max_position_embeddings") ?? Fields.GetIntOrNull("original_max_position_embeddings") ?? Positions) is > 1 and var positions
            ? positions
            : throw Fields.Error("original_max_position_embeddings", "is 1 or less", "the number of tokens that the model was first trained on");

        public float Factor => Required("factor");

        public double FactorOfLengths => Fields.Has("factor") ? Factor : Positions / (double)OriginalPositions;

        public float Required(string field) => Fields.GetDouble(field, double.NaN) is > 0 and var number && double.IsFinite(number)
            ? (float)number
            : throw Fields.Error(field, Fields.Has(field) ? FormattableString.Invariant($"is {Fields.GetDouble(field, 0)}") : "is missing", "a number above 0");

        // Computed by libtorch's own power function: at large positions a difference in the last digit would show.
        public float[] Unscaled(double? theta = null)
        {
            using var scope = NewDisposeScope();
            var exponents = arange(0, Size, 2, ScalarType.Float32) / Size;
            return tensor((float)(theta ?? Theta)).pow(exponents).reciprocal().data<float>().ToArray();
        }
    }
}
