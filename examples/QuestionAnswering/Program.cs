using Microsoft.ML;
using Microsoft.ML.HfTrainer;
using QuestionAnswering;

// The number of epochs may be given: dotnet run -- 2
var epochs = args is [var given] ? double.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : 3;
var data = Path.Combine(AppContext.BaseDirectory, "data");
var mlContext = new MLContext(seed: 42);

// 1. Data: each line is a question, a text, the answer in the text, and the position at which the answer starts.
var train = mlContext.Data.LoadFromTextFile<Asked>(Path.Combine(data, "train.tsv"));
var test = mlContext.Data.LoadFromTextFile<Asked>(Path.Combine(data, "test.tsv"));

// 2. Pipeline: tokenize questions with their texts, and fine-tune a pretrained encoder to point at the answers.
var pipeline = mlContext.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForQuestionAnswering())
    .Append(mlContext.HfTrainer.QuestionAnswering(new QuestionAnsweringOptions
    {
        ValidationSet = test,
        Arguments = new TrainingArguments
        {
            NumTrainEpochs = epochs,
            LearningRate = 2e-4,
            PerDeviceTrainBatchSize = 8,
            WarmupSteps = 0.1,
            EvalStrategy = IntervalStrategy.Epoch,
            LoggingSteps = 20,
            DisableTqdm = false,
        },
    }));
using var model = pipeline.Fit(train);

// 3. Metrics of SQuAD, in percent: the answers that are exactly right, and how well the words of predicted and right answers agree.
var metrics = model.LastTransformer.LogHistory.Last(record => record.ContainsKey("eval_f1"));
Console.WriteLine(FormattableString.Invariant($"exact match {metrics["eval_exact_match"]:F1}, F1 {metrics["eval_f1"]:F1}"));

// 4. Save, load, ask.
const string Saved = "answers.zip";
mlContext.Model.Save(model, train.Schema, Saved);
Console.WriteLine($"saved as {Saved}");
using var engine = mlContext.Model.CreatePredictionEngine<Asked, Answered>(mlContext.Model.Load(Saved, out _));
const string Text = "The lighthouse of Gull Island was built in 1911 by Ada Thorsen. It is 38 meters high, and its keeper lives in the house beside it.";
foreach (var question in new[] { "Who built the lighthouse?", "When was the lighthouse built?", "How high is the lighthouse?" })
{
    var answer = engine.Predict(new Asked { Question = question, Context = Text });
    Console.WriteLine(FormattableString.Invariant($"{question} {answer.PredictedAnswer[0]} ({answer.Score[0]:P0}, at {answer.AnswerStart[0]})"));
}
