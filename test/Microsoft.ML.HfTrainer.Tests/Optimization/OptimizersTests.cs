using System.Reflection;
using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Optimization;

[TestClass]
public class OptimizersTests
{
    private static readonly (string Optim, string? Options)[] _cases =
    [
        .. Optimizers.Names.Select(name => (name, default(string))),
        ("adamw_torch", "amsgrad=true"), ("adamw_torch_fused", "amsgrad=true"), ("adamw_torch", "foreach=false"), ("adam", "fused=true"), ("adam", "foreach=false,maximize=true"),
        ("sgd", "momentum=0.9,nesterov=true"), ("rmsprop", "centered=true,momentum=0.5"), ("adafactor", "beta1=0.9,scale_parameter=true"), ("adafactor", "relative_step=true,warmup_init=true"),
        ("nadam", "decoupled_weight_decay=true"), ("adagrad", "initial_accumulator_value=0.1,lr_decay=0.05"), ("adamw_hf", "correct_bias=false"),
    ];

    public static IEnumerable<object?[]> Cases => _cases.Select(c => new object?[] { c.Optim, c.Options });

    public static string RowName(MethodInfo method, object?[] row) => $"{method.Name} {row[0]} {row[1]}";

    [TestMethod]
    [DynamicData(nameof(Cases), DynamicDataDisplayName = nameof(RowName))]
    public void A_run_goes_on_from_its_state_bit_for_bit(string optim, string? options)
    {
        using Toy whole = new(), resumed = new();
        using Optimizer first = Make(optim, options, whole), second = Make(optim, options, resumed);
        first.Step();
        whole.Train(first, [1, 2, 3]);
        using (var scope = NewDisposeScope())
        {
            foreach (var (name, values) in whole.Values)
                resumed.Set(name, p => p.copy_(tensor(values).reshape(p.shape)));
            second.LoadState(first.State().ToDictionary(s => s.Name, s => s.Tensor.clone()));
        }
        CollectionAssert.AreEquivalent(first.State().Select(s => s.Name).ToList(), second.State().Select(s => s.Name).ToList());
        whole.Train(first, [4, 5]);
        resumed.Train(second, [4, 5]);
        foreach (var (name, values) in whole.Values)
            CollectionAssert.AreEqual(values, resumed.Values[name], name);
        foreach (var ((name, should), (_, was)) in first.State().OrderBy(s => s.Name).Zip(second.State().OrderBy(s => s.Name)))
            CollectionAssert.AreEqual(GoldenTensor.Of(should).Values, GoldenTensor.Of(was).Values, name);
    }

    [TestMethod]
    [DynamicData(nameof(Cases), DynamicDataDisplayName = nameof(RowName))]
    public void Steps_leave_the_state_and_nothing_else(string optim, string? options)
    {
        using var toy = new Toy();
        using (var warm = Make(optim, options, toy))
            toy.Train(warm, [1, 2]);
        var live = new LiveTensors();
        using (var optimizer = Make(optim, options, toy))
        {
            toy.Train(optimizer, [1, 2]);
            live.AssertUnchanged(optimizer.State().Count());
            toy.Train(optimizer, [3, 4]);
            live.AssertUnchanged(optimizer.State().Count());
            using (var scope = NewDisposeScope())
                optimizer.LoadState(optimizer.State().ToDictionary(s => s.Name, s => s.Tensor.clone()));
            live.AssertUnchanged(optimizer.State().Count());
        }
        live.AssertUnchanged();
    }

    [TestMethod]
    [DynamicData(nameof(Cases), DynamicDataDisplayName = nameof(RowName))]
    public void The_loss_goes_down_or_up_as_asked(string optim, string? options)
    {
        var upwards = options?.Contains("maximize=true") == true;
        using var toy = new Toy(weightDecay: 0);
        using var optimizer = Make(optim, options, toy);
        var before = Loss();
        for (var step = 0; step < 20; step++)
        {
            using var scope = NewDisposeScope();
            foreach (var (_, parameter) in toy.Groups.SelectMany(g => g.Parameters))
                parameter.grad = parameter.detach().mul(2);
            optimizer.Step();
        }
        Assert.AreEqual(upwards, Loss() > before);

        double Loss() => toy.Values.Values.Sum(values => values.Sum(v => (double)v * v));
    }

    [TestMethod]
    [DataRow(false, false, true)]
    [DataRow(true, false, true)]
    [DataRow(false, true, true)]
    [DataRow(true, true, false)]
    [DataRow(false, true, false)]
    public void All_forms_of_Adam_give_the_same(bool amsgrad, bool maximize, bool decoupled)
    {
        using Toy fused = new(), each = new(), plain = new();
        foreach (var (toy, form) in new[] { (fused, OptimizerForm.Fused), (each, OptimizerForm.Foreach), (plain, OptimizerForm.Plain) })
        {
            using Optimizer optimizer = decoupled
                ? new AdamW(toy.Groups, 0.8, 0.9, 1e-3, amsgrad, maximize, form)
                : new Adam(toy.Groups, 0.8, 0.9, 1e-3, amsgrad, maximize, form);
            toy.Train(optimizer, Enumerable.Range(1, 6));
        }
        foreach (var (name, values) in plain.Values)
            for (var i = 0; i < values.Length; i++)
            {
                Assert.AreEqual(values[i], fused.Values[name][i], 2e-6, name);
                Assert.AreEqual(values[i], each.Values[name][i], 2e-6, name);
            }
    }

    [TestMethod]
    public void The_older_AdamW_adds_epsilon_before_it_corrects_the_bias_and_decays_last()
    {
        const double Rate = 0.02, Decay = 0.1, Beta1 = 0.9, Beta2 = 0.99, Epsilon = 0.05;
        using var toy = new Toy(Decay);
        var value = (double)toy.Values["vector"][0];
        using var optimizer = Make("adamw_hf", "beta1=0.9,beta2=0.99,eps=0.05", toy);
        var (average, square) = (0.0, 0.0);
        for (var step = 1; step <= 4; step++)
        {
            toy.Train(optimizer, [step]);
            var gradient = Math.Sin(1.7 + step * 7 + "vector".Length);
            (average, square) = (Beta1 * average + (1 - Beta1) * gradient, Beta2 * square + (1 - Beta2) * gradient * gradient);
            value -= Rate * Math.Sqrt(1 - Math.Pow(Beta2, step)) / (1 - Math.Pow(Beta1, step)) * average / (Math.Sqrt(square) + Epsilon);
            value -= Rate * Decay * value;
            Assert.AreEqual(value, toy.Values["vector"][0], 1e-6);
        }
    }

    [TestMethod]
    public void The_older_AdamW_comes_with_a_warning()
    {
        var warning = new TrainingArguments { Optim = "adamw_hf" }.Warnings.Single();
        Assert.Contains("'adamw_hf'", warning);
        Assert.Contains("'adamw_torch_fused'", warning);
        Assert.IsEmpty(new TrainingArguments().Warnings);
    }

    [TestMethod]
    public void A_state_that_does_not_fit_is_refused_and_changes_nothing()
    {
        using Toy toy = new();
        using var optimizer = Make("adamw_torch", null, toy);
        toy.Train(optimizer, [1, 2]);
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> Copy() => optimizer.State().ToDictionary(s => s.Name, s => s.Tensor.clone());
        var whole = Copy();

        var missing = Copy();
        missing.Remove("matrix.exp_avg_sq");
        AssertRefused(missing, "lacks 'matrix.exp_avg_sq'");
        AssertRefused(new(Copy()) { ["vector.exp_avg"] = zeros(4) }, "'vector.exp_avg' has the shape [4]; it should be [5]");
        AssertRefused(new(Copy()) { ["vector.momentum_buffer"] = zeros(5) }, "holds 'vector.momentum_buffer'");
        AssertRefused(new(Copy()) { ["other.exp_avg"] = zeros(5) }, "holds 'other.exp_avg'");

        foreach (var (name, tensor) in optimizer.State())
            CollectionAssert.AreEqual(GoldenTensor.Of(whole[name]).Values, GoldenTensor.Of(tensor).Values, name);

        void AssertRefused(Dictionary<string, Tensor> state, string says) => Assert.Contains(says, Assert.Throws<InvalidDataException>(() => optimizer.LoadState(state)).Message);
    }

    [TestMethod]
    public void A_count_may_be_given_as_a_list_of_one_and_as_a_whole_number()
    {
        using var toy = new Toy();
        using var optimizer = Make("adamw_torch_fused", null, toy);
        using var scope = NewDisposeScope();
        optimizer.LoadState(new Dictionary<string, Tensor> { ["vector.step"] = tensor(new long[] { 7 }), ["vector.exp_avg"] = zeros(5), ["vector.exp_avg_sq"] = ones(5) });
        var step = optimizer.State().Single(s => s.Name == "vector.step").Tensor;
        Assert.AreEqual(0, step.dim());
        Assert.AreEqual(7f, step.item<float>());
    }

    [TestMethod]
    [DataRow("adamw_torch", "amsgrad=yes", "vector.max_exp_avg_sq")]
    [DataRow("sgd", "momentum=0.9", "vector.momentum_buffer")]
    [DataRow("rmsprop", " centered = True ", "vector.grad_avg")]
    [DataRow("adafactor", "beta1=0.9", "vector.exp_avg")]
    public void OptimArgs_reach_the_optimizer(string optim, string options, string state)
    {
        using var toy = new Toy();
        using var optimizer = Make(optim, options, toy);
        toy.Train(optimizer, [1, 2]);
        Assert.Contains(state, optimizer.State().Select(s => s.Name).ToList());
    }

    [TestMethod]
    [DataRow("sgd", "momentun=0.9", "'momentun'", "'momentum'")]
    [DataRow("adamw_torch", "rho=0.9", "'rho'", "beta1, beta2, eps")]
    [DataRow("adagrad", "eps=small", "'eps'", "a number")]
    [DataRow("sgd", "nesterov=maybe", "'nesterov'", "true or false")]
    [DataRow("sgd", "nesterov", "'nesterov'", "name=value")]
    [DataRow("sgd", "nesterov=true", "nesterov", "a momentum above 0")]
    [DataRow("adamw_torch", "beta1=1", "beta1 is 1", "from 0 up to, but not, 1")]
    [DataRow("adafactor", "warmup_init=true", "warmup_init", "relative_step")]
    [DataRow("adamw_touch", null, "'adamw_touch'", "'adamw_torch'")]
    [DataRow("paged_adamw_8bit", null, "bitsandbytes", "'adamw_torch_fused'")]
    [DataRow("galore_adamw_layerwise", null, "galore_torch", "'adafactor'")]
    public void What_is_wrong_with_the_settings_is_told_before_training(string optim, string? options, string found, string right)
    {
        var arguments = new TrainingArguments { Optim = optim, OptimArgs = options, LrSchedulerType = "cosine", LrSchedulerKwargs = new() { ["cycles"] = 2 } };
        var message = Assert.Throws<ArgumentException>(arguments.Validate).Message;
        Assert.Contains(found, message);
        Assert.Contains(right, message);
        Assert.Contains("'num_cycles'", message, "the fault of the schedule is listed too");
    }

    [TestMethod]
    public void An_optimizer_of_ones_own_trains_under_its_name()
    {
        Optimizers.Register("test_sign_descent", (_, groups) => new SignDescent(groups));
        using var model = TinyBert.Model();
        var before = TinyBert.Weights(model);
        using var trainer = new Trainer(model, new TrainingArguments { Optim = "test_sign_descent", LearningRate = 0.25, LrSchedulerType = "constant", MaxSteps = 1, UseCpu = true }, TinyBert.Data(4), dataCollator: TinyBert.Collator);
        trainer.Train();
        var changes = TinyBert.Weights(model).SelectMany(w => w.Value.Zip(before[w.Key], (now, then) => Math.Abs(now - then))).Where(change => change != 0).ToList();
        Assert.IsGreaterThan(0, changes.Count);
        Assert.IsTrue(changes.All(change => Math.Abs(change - 0.25) < 1e-6));
    }

    [TestMethod]
    public void Two_parameters_of_one_name_are_refused()
    {
        using var toy = new Toy();
        var parameter = toy.Groups[0].Parameters[0];
        var message = Assert.ThrowsExactly<ArgumentException>(() => new SGD([.. toy.Groups, new ParameterGroup([parameter], 0, 0.1)])).Message;
        Assert.Contains($"two parameters named '{parameter.Name}'", message);
    }

    private static Optimizer Make(string optim, string? options, Toy toy) => Optimizers.Get(optim)(new OptimizerSettings { OptimArgs = options }, toy.Groups);

    private sealed class SignDescent(IReadOnlyList<ParameterGroup> groups) : ParameterwiseOptimizer(groups)
    {
        protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter) => [];

        protected override void Update(ParameterGroup group, OptimizedParameter parameter) => parameter.Value.sub_(parameter.Gradient.sign().mul_(group.LearningRate));
    }

    [TestMethod]
    public void Numbers_that_are_none_are_refused_by_name()
    {
        AssertRefused("epsilon", () => new AdamW([], epsilon: double.PositiveInfinity));
        AssertRefused("beta1", () => new Adam([], beta1: double.NaN));
        AssertRefused("dampening", () => new SGD([], momentum: 0.9, dampening: double.NaN));
        AssertRefused("clipThreshold", () => new Adafactor([], clipThreshold: double.NaN));
        AssertRefused("decayRate", () => new Adafactor([], decayRate: double.NaN));
        AssertRefused("weightDecay", () => new ParameterGroup([], -0.1, 1e-3));
        AssertRefused("learningRate", () => new ParameterGroup([], 0, double.NaN));
        AssertRefused("patience", () => new EarlyStoppingCallback(patience: -1));
        AssertRefused("threshold", () => new EarlyStoppingCallback(threshold: double.NaN));

        static void AssertRefused(string name, Func<object> create) => StringAssert.Contains(Assert.Throws<ArgumentException>(() => create()).Message, name);
    }
}
