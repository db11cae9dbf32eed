using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators.Evaluation;

[TestClass]
public sealed class TaskEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void TagsOfWordsAreComparedAsEntities()
    {
        var metrics = _ml.HfTrainer.EvaluateTokenClassification(_ml.Data.LoadFromEnumerable(new[]
        {
            new Tags { Label = ["B-PER", "I-PER", "O", "B-LOC"], PredictedLabel = ["B-PER", "I-PER", "O", "O"] },
            new Tags { Label = ["O", "B-LOC"], PredictedLabel = ["B-LOC", "B-LOC"] },
        }));
        Assert.AreEqual(2 / 3d, metrics.Precision, 1e-9);
        Assert.AreEqual(2 / 3d, metrics.Recall, 1e-9);
        Assert.AreEqual(4 / 6d, metrics.Accuracy, 1e-9);
        Assert.AreEqual(new PrecisionRecallF1(1, 1, 1, 1), metrics.PerType["PER"]);
        Assert.AreEqual(new PrecisionRecallF1(0.5, 0.5, 0.5, 2), metrics.PerType["LOC"]);
        Assert.AreEqual(
            """
                 precision  recall     f1  support
            LOC      0.500   0.500  0.500        2
            PER      1.000   1.000  1.000        1
            all      0.667   0.667  0.667        3
            accuracy 0.667
            """.ReplaceLineEndings("\n"), metrics.ToString());
    }

    [TestMethod]
    public void KeysAreReadAsWhatTheyStandForAndMissingOnesAsOutside()
    {
        var data = _ml.Data.LoadFromEnumerable(new[]
        {
            new Tags { Label = ["ORG", "none", "ORG", "STATE"], PredictedLabel = ["ORG", "none", "none", "STATE"] },
        });
        var types = _ml.Data.LoadFromEnumerable(new[] { new { Name = "ORG" }, new { Name = "STATE" } });
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", keyData: types).Append(_ml.Transforms.Conversion.MapValueToKey("PredictedLabel", keyData: types)).Fit(data).Transform(data);
        var metrics = _ml.HfTrainer.EvaluateTokenClassification(keyed);
        Assert.AreEqual(1, metrics.Precision);
        Assert.AreEqual(2 / 3d, metrics.Recall, 1e-9);
        Assert.AreEqual(0.75, metrics.Accuracy);
        CollectionAssert.AreEquivalent(new[] { "ORG", "STATE" }, metrics.PerType.Keys.ToArray());
    }

    [TestMethod]
    public void AKeyBeyondItsKeyValuesIsNamedWithItsRow()
    {
        var schema = SchemaDefinition.Create(typeof(Keys));
        foreach (var column in schema)
        {
            column.ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), 3));
            column.AddAnnotation("KeyValues", new VBuffer<ReadOnlyMemory<char>>(2, ["O".AsMemory(), "B-PER".AsMemory()]), new VectorDataViewType(TextDataViewType.Instance, 2));
        }
        var data = _ml.Data.LoadFromEnumerable([new Keys { Label = [1, 2], PredictedLabel = [1, 2] }, new Keys { Label = [1, 3], PredictedLabel = [1, 2] }], schema);
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => _ml.HfTrainer.EvaluateTokenClassification(data));
        Assert.Contains("Row 2 has the key 3 in 'Label', and the column has 2 KeyValues", refused.Message);
    }

    [TestMethod]
    public void TheBestAnswerCountsAndAnEmptyOneIsNone()
    {
        var metrics = _ml.HfTrainer.EvaluateQuestionAnswering(_ml.Data.LoadFromEnumerable(new[]
        {
            new Answered { Answer = ["the Red Tower"], PredictedAnswer = ["red tower.", "blue"] },
            new Answered { Answer = ["in 1911", "1911"], PredictedAnswer = ["May 1911"] },
            new Answered { Answer = [""], PredictedAnswer = [""] },
            new Answered { Answer = [], PredictedAnswer = ["something"] },
        }));
        Assert.AreEqual(50, metrics.ExactMatch, 1e-9);
        Assert.AreEqual((1 + (2 / 3d) + 1) / 4 * 100, metrics.F1, 1e-9);
        Assert.AreEqual(50, metrics.NoAnswerAccuracy!.Value, 1e-9);
        Assert.AreEqual("exact match 50.0, f1 66.7, no answer 50.0", metrics.ToString());
        var single = _ml.HfTrainer.EvaluateQuestionAnswering(_ml.Data.LoadFromEnumerable(new[] { new { Answer = "a", PredictedAnswer = "b" } }));
        Assert.IsNull(single.NoAnswerAccuracy);
        Assert.AreEqual(0, single.F1);
    }

    [TestMethod]
    public void GeneratedTextsAreComparedByEveryTextMetric()
    {
        var metrics = _ml.HfTrainer.EvaluateTextGeneration(_ml.Data.LoadFromEnumerable(new[]
        {
            new { Target = "the cat sat on the mat", GeneratedText = "the cat sat on the mat" }, new { Target = "a dog barked at night", GeneratedText = "a dog barked at noon" },
        }));
        var (bleu, chrf, rouge) = (new BleuMetric(), new ChrfMetric(), new RougeMetric());
        foreach (var metric in new ITextMetric[] { bleu, chrf, rouge })
        {
            metric.Add("the cat sat on the mat", "the cat sat on the mat");
            metric.Add("a dog barked at noon", "a dog barked at night");
        }
        Assert.AreEqual((bleu.Compute()["bleu"], chrf.Compute()["chrf"]), (metrics.Bleu, metrics.Chrf));
        Assert.AreEqual((1 + 0.8) / 2, metrics.Rouge1, 1e-9);
        Assert.AreEqual((rouge.Compute()["rouge2"], rouge.Compute()["rougeL"]), (metrics.Rouge2, metrics.RougeL));
        StringAssert.StartsWith(metrics.ToString(), "bleu ");
        StringAssert.Contains(
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.HfTrainer.EvaluateTextGeneration(_ml.Data.LoadFromEnumerable(new[] { new { Target = 1f, GeneratedText = "" } }))).Message, "'Target' is Single");
    }

    [TestMethod]
    public void ScoresOfPairsAreCorrelatedWithLabels()
    {
        var metrics = _ml.HfTrainer.EvaluateSentenceSimilarity(_ml.Data.LoadFromEnumerable(new[] { new { Label = 0f, Score = 0.1f }, new { Label = 1f, Score = 0.2f }, new { Label = 2f, Score = 0.9f } }));
        Assert.AreEqual(1, metrics.Spearman, 1e-9);
        // Deviations -1, 0, 1 and -0.3, -0.2, 0.5.
        Assert.AreEqual(0.8 / Math.Sqrt(2 * 0.38), metrics.Pearson, 1e-6);
    }

    [TestMethod]
    public void EntitiesAreComparedWithTheirPlace()
    {
        var metrics = _ml.HfTrainer.EvaluateTokenClassification(
            _ml.Data.LoadFromEnumerable(new[]
            {
                new Spans { Types = ["PER", "LOC"], Starts = [0, 10], Ends = [4, 14], EntityLabel = ["PER", "LOC"], EntityStart = [0, 10], EntityEnd = [4, 13] },
                new Spans(),
            }),
            "Types", entityStartColumnName: "Starts", entityEndColumnName: "Ends");
        Assert.AreEqual(0.5, metrics.F1);
        Assert.AreEqual(1, metrics.PerType["PER"].F1);
        Assert.AreEqual(0, metrics.PerType["LOC"].F1);
        Assert.IsTrue(double.IsNaN(metrics.Accuracy));
        Assert.DoesNotContain("accuracy", metrics.ToString());
    }

    [TestMethod]
    public void SeveralClassesAreComparedDecisionByDecision()
    {
        var metrics = _ml.HfTrainer.EvaluateMultiLabel(_ml.Data.LoadFromEnumerable(new[]
        {
            new Decisions { Label = [1, 0], PredictedLabel = [true, true] }, new Decisions { Label = [1, 1], PredictedLabel = [true, true] }, new Decisions { Label = [1, 0], PredictedLabel = [false, false] },
        }));
        Assert.AreEqual(2 * 3 / 8d, metrics.MicroF1, 1e-9);
        Assert.AreEqual((0.8 + (2 / 3d)) / 2, metrics.MacroF1, 1e-9);
        Assert.AreEqual(1 / 3d, metrics.SubsetAccuracy, 1e-9);
        Assert.AreEqual(2 / 6d, metrics.HammingLoss, 1e-9);
        Assert.AreEqual(new PrecisionRecallF1(1, 2 / 3d, 0.8, 3), metrics.PerLabel[0].Value);
        StringAssert.Contains(metrics.ToString(), "micro      0.750   0.750  0.750        4\n");
        StringAssert.EndsWith(metrics.ToString(), "subset accuracy 0.333, hamming loss 0.333");
    }

    [TestMethod]
    public void WhatCannotBeComparedIsNamed()
    {
        void Refused<TException>(Action<HfTrainerCatalog> evaluate, params string[] parts) where TException : Exception
        {
            var message = Assert.ThrowsExactly<TException>(() => evaluate(_ml.HfTrainer)).Message;
            foreach (var part in parts)
                StringAssert.Contains(message, part);
        }

        var tags = _ml.Data.LoadFromEnumerable(new[] { new Tags { Label = ["O"], PredictedLabel = ["O"] }, new Tags { Label = ["O", "O"], PredictedLabel = ["O"] } });
        Refused<InvalidDataException>(catalog => catalog.EvaluateTokenClassification(tags), "Row 2", "2 labels in 'Label' and 1 in 'PredictedLabel'");
        Refused<ArgumentOutOfRangeException>(catalog => catalog.EvaluateTokenClassification(tags, "Labels"), "label column 'Labels'", "Did you mean 'Label'?");
        Refused<ArgumentOutOfRangeException>(catalog => catalog.EvaluateMultiLabel(tags), "'Label' is Vector<String>", "Boolean");
        Refused<ArgumentException>(catalog => catalog.EvaluateTokenClassification(tags, entityStartColumnName: "Starts"), "entityEndColumnName");
        Refused<ArgumentException>(catalog => catalog.EvaluateTokenClassification(_ml.Data.LoadFromEnumerable(Array.Empty<Tags>())), "no rows");
        var odd = _ml.Data.LoadFromEnumerable(new[] { new Decisions { Label = [0, 1], PredictedLabel = [true, true] }, new Decisions { Label = [0.5f, 1], PredictedLabel = [true, true] } });
        Refused<InvalidDataException>(catalog => catalog.EvaluateMultiLabel(odd), "Row 2 has 0.5 in 'Label'");
        var wider = _ml.Data.LoadFromEnumerable(new[] { new Decisions { Label = [0, 1], PredictedLabel = [true, true] }, new Decisions { Label = [0, 1, 1], PredictedLabel = [true, true, true] } });
        Refused<InvalidDataException>(catalog => catalog.EvaluateMultiLabel(wider), "Row 2 has 3 values in 'Label', and the rows before have 2");
        var scores = _ml.Data.LoadFromEnumerable(new[] { new { Label = 1f, Score = 1d, Missing = 1f }, new { Label = 0f, Score = double.NaN, Missing = float.NaN } });
        Refused<InvalidDataException>(catalog => catalog.EvaluateSentenceSimilarity(scores), "Row 2 has NaN in 'Score'");
        Refused<InvalidDataException>(catalog => catalog.EvaluateSentenceSimilarity(scores, "Missing", "Label"), "Row 2 has NaN in 'Missing'");
        var texts = _ml.Data.LoadFromEnumerable(new[] { new { Target = "a", GeneratedText = "" }, new { Target = " ", GeneratedText = "a" } });
        Refused<InvalidDataException>(catalog => catalog.EvaluateTextGeneration(texts), "Row 2 has no text in 'Target'");
        var spans = _ml.Data.LoadFromEnumerable(new[] { new Spans { Types = ["PER"] } });
        Refused<InvalidDataException>(catalog => catalog.EvaluateTokenClassification(spans, "Types", entityStartColumnName: "Starts", entityEndColumnName: "Ends"), "Row 1", "1 values in 'Types', 0 in 'Starts'");
    }

    private sealed class Answered
    {
        public string[] Answer { get; set; } = [];

        public string[] PredictedAnswer { get; set; } = [];
    }

    private sealed class Keys
    {
        public uint[] Label { get; set; } = [];

        public uint[] PredictedLabel { get; set; } = [];
    }

    private sealed class Tags
    {
        public string[] Label { get; set; } = [];

        public string[] PredictedLabel { get; set; } = [];
    }

    private sealed class Spans
    {
        public string[] Types { get; set; } = [];

        public int[] Starts { get; set; } = [];

        public int[] Ends { get; set; } = [];

        public string[] EntityLabel { get; set; } = [];

        public int[] EntityStart { get; set; } = [];

        public int[] EntityEnd { get; set; } = [];
    }

    private sealed class Decisions
    {
        [VectorType(2)]
        public float[] Label { get; set; } = [];

        [VectorType(2)]
        public bool[] PredictedLabel { get; set; } = [];
    }
}
