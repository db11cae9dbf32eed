using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>The angle by which each pair of elements turns from one position to the next.</summary>
/// <param name="ByReach">The angles for texts of up to so many tokens.</param>
/// <param name="Amplitude">What turned vectors are multiplied by.</param>
/// <param name="Varies">Whether the angles depend on how far a text reaches.</param>
internal sealed record RotaryFrequencies(Func<long, float[]> ByReach, double Amplitude = 1, bool Varies = false)
{
    /// <summary>The angles for a batch of such positions.</summary>
    public float[] Of(Tensor positions) => ByReach(Varies ? positions.max().item<long>() + 1 : 0);
}

/// <summary>The ways in which the angles of rotary embeddings are made for texts longer than those a model was first trained on, by <c>rope_type</c>.</summary>
internal static class RotaryScaling
{
    private static readonly Dictionary<string, Func<Settings, RotaryFrequencies>> _byType = new()
    {
        ["default"] = settings => Always(settings.Plain()),
        ["linear"] = settings => Always([.. settings.Plain().Select(f => f / settings.Factor)]),
        ["dynamic"] = DynamicNtk,
        ["yarn"] = Yarn,
        ["longrope"] = LongRope,
        ["su"] = LongRope,
        ["llama3"] = Llama3,
    };

    public static RotaryFrequencies Of(PretrainedConfig config, JsonFields? fields, int headSize, double theta, double part)
    {
        fields ??= JsonFields.Read(config.Source, "{}"u8);
        theta = fields.GetDouble("rope_theta", theta);
        if (!(theta > 0) || !double.IsFinite(theta))
            throw fields.Error("rope_theta", $"is {theta}", "a number above 0");
        part = fields.GetDouble("partial_rotary_factor", config.GetDouble("partial_rotary_factor", part));
        var size = part is > 0 and <= 1 ? (int)(headSize * part) : throw fields.Error("partial_rotary_factor", $"is {part}", "a number above 0 and at most 1");
        if (size < 2 || size % 2 != 0)
            throw config.Error("head_dim", $"(or what follows from hidden_size and the number of heads) leaves {size} of {headSize} elements of a head to turn", "such that their number is even and above 0");
        var type = fields.GetString("rope_type", fields.GetString("type", "default"));
        return _byType.TryGetValue(type, out var make)
            ? make(new Settings(config, fields, size, theta))
            : throw fields.Error("rope_type", $"is \"{type}\"", $"one of {string.Join(", ", _byType.Keys)}");
    }

    private static RotaryFrequencies Always(float[] angles) => new(_ => angles);

    // Past the trained length the base grows with the text (bloc97 2023, "dynamic NTK"). The original keeps the angles of the longest text seen so far;
    // here each batch has those of its own length, so that one input always gives one output.
    private static RotaryFrequencies DynamicNtk(Settings settings)
    {
        var (factor, trained) = ((double)settings.Factor, settings.Positions);
        float[] ByReach(long reach)
        {
            var growth = factor * Math.Max(reach, trained) / trained - (factor - 1);
            return settings.Plain(settings.Theta * Math.Pow(growth, settings.Size / (settings.Size - 2.0)));
        }
        return settings.Size > 2 ? new RotaryFrequencies(ByReach, Varies: true) : throw settings.Config.Error("head_dim", "leaves 2 elements to turn", "above that for the rope_type dynamic");
    }

    // Slow turns are stretched, fast ones stay as they are, and those between are mixed (Peng et al. 2023, arXiv:2309.00071).
    private static RotaryFrequencies Yarn(Settings settings)
    {
        // The first files of Phi-3 call LongRoPE by this name.
        if (settings.Fields.Has("short_factor"))
            return LongRope(settings);
        var factor = settings.FactorOfLengths;
        double Element(double turns) => settings.Size * Math.Log(settings.OriginalPositions / (turns * 2 * Math.PI)) / (2 * Math.Log(settings.Theta));
        var (first, last) = (Element(settings.Fields.GetDouble("beta_fast", 32)), Element(settings.Fields.GetDouble("beta_slow", 1)));
        if (settings.Fields.GetBool("truncate", true))
            (first, last) = (Math.Floor(first), Math.Ceiling(last));
        (first, last) = (Math.Max(first, 0), Math.Min(last, settings.Size - 1));
        if (first == last)
            last += 0.001;
        float Mixed(float angle, int element)
        {
            var stretched = (float)Math.Clamp((element - first) / (last - first), 0, 1);
            return angle / (float)factor * stretched + angle * (1 - stretched);
        }
        double Amplitude(double scale) => factor <= 1 ? 1 : 0.1 * scale * Math.Log(factor) + 1;
        var (scale, wholeScale) = (settings.Fields.GetDouble("mscale", 0), settings.Fields.GetDouble("mscale_all_dim", 0));
        var amplitude = scale != 0 && wholeScale != 0 ? Amplitude(scale) / Amplitude(wholeScale) : Amplitude(1);
        return Always([.. settings.Plain().Select(Mixed)]) with { Amplitude = settings.Fields.GetDouble("attention_factor", amplitude) };
    }

    // Each element has a divisor that was searched for, one for texts up to the original length and one for longer texts (Ding et al. 2024, arXiv:2402.13753).
    private static RotaryFrequencies LongRope(Settings settings)
    {
        var plain = settings.Plain();
        float[] Divided(string field)
        {
            var divisors = settings.Fields.GetNumbers(field) ?? throw settings.Fields.Error(field, "is missing", "a list of numbers");
            return divisors.Count == plain.Length && divisors.All(d => d != 0)
                ? [.. plain.Zip(divisors, (angle, divisor) => angle / (float)divisor)]
                : throw settings.Fields.Error(field, $"has {divisors.Count} numbers", $"a list of {plain.Length} numbers other than 0");
        }
        var (near, far, length, factor) = (Divided("short_factor"), Divided("long_factor"), settings.OriginalPositions, settings.FactorOfLengths);
        var amplitude = factor <= 1 ? 1 : Math.Sqrt(1 + Math.Log(factor) / Math.Log(length));
        return new RotaryFrequencies(reach => reach > length ? far : near, settings.Fields.GetDouble("attention_factor", amplitude), Varies: true);
    }

    // Wavelengths that the original length holds often enough stay as they are, those that it hardly holds are stretched, those between are mixed
    // (Llama Team 2024, arXiv:2407.21783).
    private static RotaryFrequencies Llama3(Settings settings)
    {
        var (factor, length) = (settings.Factor, settings.OriginalPositions);
        var (low, high) = (settings.Required("low_freq_factor"), settings.Required("high_freq_factor"));
        if (high <= low)
            throw settings.Fields.Error("high_freq_factor", $"is {high}", $"above low_freq_factor, {low}");
        float Stretched(float angle)
        {
            var wavelength = 2 * MathF.PI / angle;
            if (wavelength > length / low)
                return angle / factor;
            var kept = Math.Min(1, (length / wavelength - low) / (high - low));
            return (1 - kept) * angle / factor + kept * angle;
        }
        return Always([.. settings.Plain().Select(Stretched)]);
    }

    private sealed record Settings(PretrainedConfig Config, JsonFields Fields, int Size, double Theta)
    {
        public int Positions => Config.GetSize("max_position_embeddings");

        // What stands beside the fields is that of Phi-3's files.
        public int OriginalPositions => (Config.GetIntOrNull("original_max_position_embeddings") ?? Fields.GetIntOrNull("original_max_position_embeddings") ?? Positions) is > 1 and var positions
            ? positions
            : throw Fields.Error("original_max_position_embeddings", "is 1 or less", "the number of tokens that the model was first trained on");

        public float Factor => Required("factor");

        public double FactorOfLengths => Fields.Has("factor") ? Factor : Positions / (double)OriginalPositions;

        public float Required(string field) => Fields.GetDouble(field, double.NaN) is > 0 and var number && double.IsFinite(number)
            ? (float)number
            : throw Fields.Error(field, Fields.Has(field) ? $"is {Fields.GetDouble(field, 0)}" : "is missing", "a number above 0");

        // By libtorch's own power function, whose last digit far positions would multiply.
        public float[] Plain(double? theta = null)
        {
            using var scope = NewDisposeScope();
            var exponents = arange(0, Size, 2, ScalarType.Float32) / Size;
            return tensor((float)(theta ?? Theta)).pow(exponents).reciprocal().data<float>().ToArray();
        }
    }
}
