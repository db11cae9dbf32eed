using Microsoft.ML.HfTrainer.Optimization;

namespace Microsoft.ML.HfTrainer.Tests.Optimization;

[TestClass]
public class DecayGroupsTests
{
    [TestMethod]
    public void Biases_and_norms_are_not_decayed()
    {
        using var model = TinyBert.Model();
        var groups = DecayGroups.Split(model, new OptimizerSettings { WeightDecay = 0.1, LearningRate = 0.5 });
        CollectionAssert.AreEqual(new[] { 0.1, 0 }, groups.Select(g => g.WeightDecay).ToArray());
        Assert.IsTrue(groups.All(g => g.LearningRate == 0.5));
        Assert.IsTrue(groups[0].Parameters.All(p => p.Name.EndsWith(".weight") && !p.Name.Contains("LayerNorm")));
        Assert.IsTrue(groups[1].Parameters.All(p => p.Name.EndsWith(".bias") || p.Name.Contains("LayerNorm")));
        Assert.AreEqual(model.named_parameters().Count(), groups.Sum(g => g.Parameters.Count));
    }

    [TestMethod]
    public void Patterns_make_groups_with_rates_of_their_own_after_all_others()
    {
        using var model = TinyBert.Model();
        var groups = DecayGroups.Split(model, new OptimizerSettings
        {
            WeightDecay = 0.1,
            LearningRate = 0.5,
            ParameterGroups = [new("^classifier", LearningRate: 2, WeightDecay: 0.3), new("embeddings", LearningRate: 0), new("weight$", WeightDecay: 0.7)],
        });
        CollectionAssert.AreEqual(
            // The third pattern leaves none but biases to the first group, and takes weights of norms.
            new[] { (0, 0.5, 0.1), (1, 0.5, 0.0), (1, 2, 0.3), (1, 2, 0.0), (1, 0, 0.1), (1, 0, 0.0), (1, 0.5, 0.7), (1, 0.5, 0.0) },
            groups.Select(g => (Math.Sign(g.Parameters.Count), g.InitialLearningRate, g.WeightDecay)).ToArray());
        CollectionAssert.AreEqual(new[] { "classifier.weight" }, groups[2].Parameters.Select(p => p.Name).ToArray());
        Assert.IsTrue(groups[4].Parameters.All(p => p.Name.Contains("embeddings")));
        Assert.AreEqual(model.named_parameters().Count(), groups.Sum(g => g.Parameters.Count));
    }

    [TestMethod]
    public void Parameters_that_take_no_gradient_are_in_no_group()
    {
        using var model = TinyBert.Model();
        foreach (var (name, parameter) in model.named_parameters())
            parameter.requires_grad = name.StartsWith("classifier");
        CollectionAssert.AreEqual(new[] { "classifier.weight", "classifier.bias" }, DecayGroups.Split(model, new OptimizerSettings()).SelectMany(g => g.Parameters.Select(p => p.Name)).ToArray());
    }

    [TestMethod]
    public void A_pattern_that_matches_nothing_is_named()
    {
        using var model = TinyBert.Model();
        Assert.Contains("'^head'", Refused(new ParameterGroupRule("^head")));
        var shadowed = Refused(new ParameterGroupRule("classifier"), new ParameterGroupRule("^classifier.weight$"));
        Assert.Contains("'^classifier.weight$'", shadowed);
        Assert.Contains("'classifier.weight'", shadowed);

        string Refused(params ParameterGroupRule[] rules) => Assert.Throws<ArgumentException>(() => DecayGroups.Split(model, new OptimizerSettings { ParameterGroups = rules })).Message;
    }

    [TestMethod]
    public void A_rule_that_cannot_be_is_told_before_training()
    {
        Assert.Contains("'(oops'", Assert.Throws<ArgumentException>(new TrainingArguments { ParameterGroups = [new("(oops")] }.Validate).Message);
        Assert.Contains("-1", Assert.Throws<ArgumentException>(new TrainingArguments { ParameterGroups = [new("x", LearningRate: -1)] }.Validate).Message);
    }

    [TestMethod]
    public void The_rules_are_kept_in_json()
    {
        ParameterGroupRule[] rules = [new("^classifier", 1e-3, 0), new("bias$"), new("x", WeightDecay: 0.5)];
        var read = TrainingArguments.FromJson(new TrainingArguments { ParameterGroups = rules }.ToJson());
        CollectionAssert.AreEqual(rules, read.ParameterGroups.ToArray());
        var parsed = TrainingArguments.FromJson("""{ "parameter_groups": "[{\"pattern\": \"a\", \"learning_rate\": 2}]" }"""u8);
        CollectionAssert.AreEqual(new[] { new ParameterGroupRule("a", 2) }, parsed.ParameterGroups.ToArray());
        foreach (var wrong in new[] { """{ "parameter_groups": [{"patern": "a"}] }""", """{ "parameter_groups": [{"learning_rate": 1}] }""", """{ "parameter_groups": [{"pattern": "a", "learning_rate": "much"}] }""", """{ "parameter_groups": "a" }""" })
            Assert.Contains("parameter_groups", Assert.Throws<InvalidArgumentsException>(() => TrainingArguments.FromJson(System.Text.Encoding.UTF8.GetBytes(wrong))).Message);
    }
}
