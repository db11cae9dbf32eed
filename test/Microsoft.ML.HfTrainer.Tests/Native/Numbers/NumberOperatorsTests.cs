using Microsoft.ML.HfTrainer.Native.Numbers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Native.Numbers;

/// <summary>The operators of the library, which its sources call by TorchSharp's names, against TorchSharp's own.</summary>
[TestClass]
public class NumberOperatorsTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Own, Func<Tensor, Tensor, Tensor> Theirs)> _operators = new()
    {
        ["x + y"] = (NumberOperators.op_Addition, (x, y) => x + y),
        ["x + 2.5"] = ((x, _) => NumberOperators.op_Addition(x, (Number)2.5), (x, _) => x + 2.5),
        ["2 + x"] = ((x, _) => NumberOperators.op_Addition((Number)2, x), (x, _) => 2 + x),
        ["x - 2.5"] = ((x, _) => NumberOperators.op_Subtraction(x, 2.5), (x, _) => x - 2.5),
        ["x * 2.5"] = ((x, _) => NumberOperators.op_Multiply(x, 2.5), (x, _) => x * 2.5),
        ["2.5 * x"] = ((x, _) => NumberOperators.op_Multiply(2.5, x), (x, _) => 2.5 * x),
        ["x / 3"] = ((x, _) => NumberOperators.op_Division(x, 3), (x, _) => x / 3),
        ["add"] = ((x, _) => NumberOperators.add(x, 2.5), (x, _) => x.add(2.5)),
        ["add with alpha"] = ((x, y) => NumberOperators.add(x, y, 2.5), (x, y) => x.add(y, alpha: 2.5)),
        ["add_"] = ((x, _) => NumberOperators.add_(x.clone(), 2.5), (x, _) => x.clone().add_(2.5)),
        ["add_ with alpha"] = ((x, y) => NumberOperators.add_(x.clone(), y, 2.5), (x, y) => x.clone().add_(y, alpha: 2.5)),
        ["mul_"] = ((x, _) => NumberOperators.mul_(x.clone(), 2.5), (x, _) => x.clone().mul_(2.5)),
        ["div"] = ((x, _) => NumberOperators.div(x, 2.5), (x, _) => x.div(2.5)),
        ["div_"] = ((x, _) => NumberOperators.div_(x.clone(), 2.5), (x, _) => x.clone().div_(2.5)),
        ["pow"] = ((x, _) => NumberOperators.pow(x, 2), (x, _) => x.pow(2)),
        ["remainder"] = ((x, _) => NumberOperators.remainder(x, 2), (x, _) => x.remainder(2)),
        ["addcmul"] = ((x, y) => NumberOperators.addcmul(x, x, y, 2.5), (x, y) => x.addcmul(x, y, 2.5)),
        ["addcmul_"] = ((x, y) => NumberOperators.addcmul_(x.clone(), x, y, 2.5), (x, y) => x.clone().addcmul_(x, y, 2.5)),
        ["addcdiv_"] = ((x, y) => NumberOperators.addcdiv_(x.clone(), x, y, 2.5), (x, y) => x.clone().addcdiv_(x, y, 2.5)),
        ["eq"] = ((x, _) => NumberOperators.eq(x, 2), (x, _) => x.eq(2)),
        ["ne"] = ((x, _) => NumberOperators.ne(x, 2), (x, _) => x.ne(2)),
        ["less"] = ((x, _) => NumberOperators.less(x, 2), (x, _) => x.less(2)),
        ["less_equal"] = ((x, _) => NumberOperators.less_equal(x, 2), (x, _) => x.less_equal(2)),
        ["greater"] = ((x, _) => NumberOperators.greater(x, 2), (x, _) => x.greater(2)),
        ["greater_equal"] = ((x, _) => NumberOperators.greater_equal(x, 2), (x, _) => x.greater_equal(2)),
        ["clamp"] = ((x, _) => NumberOperators.clamp(x, min: 2), (x, _) => x.clamp(min: 2)),
        ["clamp_"] = ((x, _) => NumberOperators.clamp_(x.clone(), max: 2), (x, _) => x.clone().clamp_(max: 2)),
        ["clamp_min"] = ((x, _) => NumberOperators.clamp_min(x, 2), (x, _) => x.clamp_min(2)),
        ["fill_"] = ((x, _) => NumberOperators.fill_(x.clone(), 2), (x, _) => x.clone().fill_(2)),
        ["masked_fill"] = ((x, y) => NumberOperators.masked_fill(x, x.ge(y), 2.5), (x, y) => x.masked_fill(x.ge(y), 2.5)),
        ["masked_fill_"] = ((x, y) => NumberOperators.masked_fill_(x.clone(), x.ge(y), 2.5), (x, y) => x.clone().masked_fill_(x.ge(y), 2.5)),
        ["arange(stop)"] = ((_, _) => NumberOperators.arange(5), (_, _) => arange(5)),
        ["arange(start, stop)"] = ((_, _) => NumberOperators.arange(2, 5L), (_, _) => arange(2, 5L)),
        ["arange(start, stop, step)"] = ((_, _) => NumberOperators.arange(1, 9, 2, ScalarType.Float32), (_, _) => arange(1, 9, 2, ScalarType.Float32)),
        ["full"] = ((_, _) => NumberOperators.full([2, 3], 2.5), (_, _) => full([2, 3], 2.5)),
        ["full of whole numbers"] = ((_, _) => NumberOperators.full([2, 3], 7), (_, _) => full([2, 3], 7)),
        ["full_like"] = ((x, _) => NumberOperators.full_like(x, 7), (x, _) => full_like(x, 7)),
    };

    public static IEnumerable<object[]> Names => _operators.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void GivesWhatTorchSharpGives(string name)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (tensor(new float[] { -1.5f, 0, 2, 3.25f }), tensor(new float[] { 4, -2, 1, 0.5f }));
        var (own, theirs) = (_operators[name].Own(x, y), _operators[name].Theirs(x, y));
        Assert.AreEqual(theirs.dtype, own.dtype);
        Assert.IsTrue(own.eq(theirs).all().item<bool>(), $"own {own.ToString(style: TorchSharp.TensorStringStyle.Numpy)}, TorchSharp's {theirs.ToString(style: TorchSharp.TensorStringStyle.Numpy)}");
    }
}
