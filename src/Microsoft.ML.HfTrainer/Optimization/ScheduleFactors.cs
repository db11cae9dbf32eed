using static Microsoft.ML.HfTrainer.LearningRateSchedules;

namespace Microsoft.ML.HfTrainer.Optimization;

/// <summary>The factors of the schedules that depend on the number of updates. s: updates made so far, w: warm-up updates, t: updates of the whole run.</summary>
internal static class ScheduleFactors
{
    // A rise from 0 to 1 by its progress, and a fall from 1 to 0 by its progress and the number of cosine waves.
    private static readonly Dictionary<string, (Func<double, double> Rise, Func<double, double, double> Fall)> _shapes = new()
    {
        ["linear"] = (x => x, (x, _) => 1 - x),
        ["cosine"] = (x => 0.5 * (1 - Math.Cos(Math.PI * x)), Wave),
        ["1-sqrt"] = (x => 1 - Math.Sqrt(1 - x), (x, _) => 1 - Math.Sqrt(x)),
    };

    public static Factor Linear(KeywordReader options) => WithWarmup((s, w, t) => Math.Max(0, (t - s) / (double)Math.Max(1, t - w)));

    public static Factor Cosine(KeywordReader options)
    {
        var waves = options.Number("num_cycles", 0.5);
        return WithWarmup((s, w, t) => Math.Max(0, Wave(Progress(s, w, t), waves)));
    }

    public static Factor CosineWithRestarts(KeywordReader options)
    {
        var cycles = options.Number("num_cycles", 1);
        return WithWarmup((s, w, t) => Progress(s, w, t) is < 1 and var p ? Math.Max(0, Wave(cycles * p % 1, 0.5)) : 0);
    }

    public static Factor Polynomial(KeywordReader options, double rate)
    {
        var (end, power) = (options.Number("lr_end", 1e-7), options.Number("power", 1));
        if (rate <= end)
            throw options.Wrong(FormattableString.Invariant($"lr_end is {end}; it should be smaller than TrainingArguments.LearningRate, which is {rate}."));
        return WithWarmup((s, w, t) => s > t ? end / rate : ((rate - end) * Math.Pow(1 - Progress(s, w, t), power) + end) / rate);
    }

    public static Factor Constant() => (_, _, _) => 1;

    public static Factor ConstantWithWarmup() => WithWarmup((_, _, _) => 1);

    public static Factor InverseSqrt(KeywordReader options)
    {
        var given = options.Integer("timescale");
        return WithWarmup((s, w, _) =>
        {
            var scale = given ?? (w == 0 ? 10_000 : w);
            return 1 / Math.Sqrt((s + scale - w) / (double)scale);
        });
    }

    public static Factor CosineWithMinLr(KeywordReader options, double rate)
    {
        var (waves, floor) = (options.Number("num_cycles", 0.5), MinRatio(options, rate));
        return WithWarmup((s, w, t) => Math.Max(0, WithFloor(Wave(Progress(s, w, t), waves), floor)));
    }

    // The warm-up begins above 0, so that the first update has an effect, and the cosine is one update ahead.
    public static Factor CosineWarmupWithMinLr(KeywordReader options, double rate)
    {
        var (waves, floor, first) = (options.Number("num_cycles", 0.5), MinRatio(options, rate), options.Number("warmup_lr_rate"));
        return (s, w, t) => s < w
            ? first is { } start ? start + (1 - start) * s / Math.Max(1, w - 1) : (s + 1.0) / Math.Max(1, w)
            : Math.Max(0, WithFloor(Wave(Progress(s + 1, w, t), waves), floor));
    }

    public static Factor WarmupStableDecay(KeywordReader options)
    {
        var (decaySteps, stable) = (options.Required("num_decay_steps"), options.Integer("num_stable_steps"));
        var (rise, fall) = (Shape(options, "warmup_type", "linear").Rise, Shape(options, "decay_type", "cosine").Fall);
        var (floor, waves) = (options.Number("min_lr_ratio", 0), options.Number("num_cycles", 0.5));
        return (s, w, t) =>
        {
            var decayFrom = w + (stable ?? t - w - decaySteps);
            if (s < w)
                return Math.Max(0, WithFloor(rise(Warmup(s, w)), floor));
            if (s < decayFrom)
                return 1;
            return s < decayFrom + decaySteps ? Math.Max(0, WithFloor(fall((s - decayFrom) / (double)Math.Max(1, decaySteps), waves), floor)) : floor;
        };
    }

    private static Factor WithWarmup(Factor after) => (s, w, t) => s < w ? Warmup(s, w) : after(s, w, t);

    private static double Warmup(int s, int w) => s / (double)Math.Max(1, w);

    private static double Progress(int s, int w, int t) => (s - w) / (double)Math.Max(1, t - w);

    private static double Wave(double progress, double waves) => 0.5 * (1 + Math.Cos(Math.PI * waves * 2 * progress));

    private static double WithFloor(double factor, double floor) => factor * (1 - floor) + floor;

    private static double MinRatio(KeywordReader options, double rate) => (options.Number("min_lr"), options.Number("min_lr_rate")) switch
    {
        ({ } absolute, null) => absolute / rate,
        (null, { } share) => share,
        (null, null) => throw options.Wrong("neither min_lr nor min_lr_rate is there; set one of them."),
        _ => throw options.Wrong("both min_lr and min_lr_rate are there; set one of them."),
    };

    private static (Func<double, double> Rise, Func<double, double, double> Fall) Shape(KeywordReader options, string name, string otherwise)
    {
        var shape = options.Text(name, otherwise);
        return _shapes.TryGetValue(shape, out var found) ? found : throw options.Wrong($"{name} is '{shape}'; it should be one of {string.Join(", ", _shapes.Keys)}.");
    }
}
