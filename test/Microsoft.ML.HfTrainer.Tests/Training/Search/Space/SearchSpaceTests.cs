namespace Microsoft.ML.HfTrainer.Tests.Training.Search.Space;

[TestClass]
public sealed class SearchSpaceTests
{
    [TestMethod]
    public void Arguments_are_set_by_name_in_their_own_types()
    {
        var space = new SearchSpace()
            .LogUniform("learning_rate", 1e-6, 1e-4)
            .Uniform("WeightDecay", 0, 0.3, step: 0.1)
            .Integer("num_train_epochs", 2, 2)
            .Integer("seed", 7, 7)
            .Categorical("lr_scheduler_type", "cosine")
            .Categorical("eval_strategy", IntervalStrategy.Epoch)
            .Categorical("load_best_model_at_end", true)
            .Categorical<int?>("save_total_limit", null, 3);
        var arguments = Apply(space, grid: 0.99);
        Assert.AreEqual(1e-4, arguments.LearningRate, 1e-5);
        Assert.AreEqual(0.3, arguments.WeightDecay, 1e-12);
        Assert.AreEqual(2.0, arguments.NumTrainEpochs);
        Assert.AreEqual(7, arguments.Seed);
        Assert.AreEqual("cosine", arguments.LrSchedulerType);
        Assert.AreEqual(IntervalStrategy.Epoch, arguments.EvalStrategy);
        Assert.IsTrue(arguments.LoadBestModelAtEnd);
        Assert.AreEqual(3, arguments.SaveTotalLimit);
        Assert.IsNull(Apply(space, grid: 0).SaveTotalLimit);
    }

    [TestMethod]
    public void A_function_chooses_as_it_likes()
    {
        var space = new SearchSpace().Categorical("optim", "adamw_torch").Then(trial =>
        {
            if (trial.SuggestChoice("warm", false, true))
                trial.Arguments.WarmupSteps = trial.SuggestInteger("warm_updates", 5, 5) + trial.SuggestNumber("part", 0.5, 0.5);
            Assert.AreEqual(trial.Parameters["warm"], trial.SuggestChoice("warm", false, true), "a name is chosen once");
        });
        Assert.AreEqual(5.5, Apply(space, grid: 0.99).WarmupSteps);
        Assert.AreEqual(0, Apply(space, grid: 0).WarmupSteps);
    }

    [TestMethod]
    public void The_default_is_the_originals()
    {
        var trial = Choose(SearchSpace.Default, 0.99);
        CollectionAssert.AreEqual(new[] { "learning_rate", "num_train_epochs", "seed", "per_device_train_batch_size" }, trial.Parameters.Keys.ToArray());
        Assert.AreEqual(5, trial.Parameters["num_train_epochs"]);
        Assert.AreEqual(64, trial.Arguments.PerDeviceTrainBatchSize);
    }

    [TestMethod]
    public void Faults_are_named_before_anything_is_trained()
    {
        Fails(() => new SearchSpace().Uniform("lerning_rate", 0, 1), "'lerning_rate' is no training argument. Did you mean 'learning_rate'?");
        Fails(() => new SearchSpace().Uniform("per_device_train_batch_size", 0.5, 1.5), "'per_device_train_batch_size' cannot be '0.5'; it should be a whole number");
        Fails(() => new SearchSpace().Categorical("eval_strategy", "epoch", "never"), "'eval_strategy' cannot be 'never'");
        Fails(() => new SearchSpace().Categorical("learning_rate", 0.1, 0.1), "occurs twice");
        Fails(() => new SearchSpace().Categorical<double>("learning_rate"), "nothing to choose from");
        Fails(() => new SearchSpace().Uniform("learning_rate", 1, 0), "from 1 to 0");
        Fails(() => new SearchSpace().LogUniform("learning_rate", 0, 1), "begins at 0");
        Fails(() => new SearchSpace().Integer("seed", 0, 9, step: 0), "step 0");

        static void Fails(Action action, string message) => StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(action).Message, message);
    }

    private static TrainingArguments Apply(SearchSpace space, double grid) => Choose(space, grid).Arguments;

    // The value at that share of what there is.
    private static Trial Choose(SearchSpace space, double share)
    {
        var trial = new Trial(0, new TrainingArguments(), (_, distribution) =>
        {
            var numbers = distribution.Grid(1001);
            return distribution.ValueOf(numbers[(int)(share * numbers.Count)]);
        });
        space.Apply(trial);
        return trial;
    }
}
