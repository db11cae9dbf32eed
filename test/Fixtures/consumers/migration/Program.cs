// An application that moves from Microsoft.ML.TorchSharp to this library one estimator after the other, and so has both: at the version of TorchSharp that this library needs.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.TorchSharp;

var mlContext = new MLContext(seed: 1);
switch (args[0])
{
    case "make":
        foreach (var estimator in new object[]
        {
            mlContext.MulticlassClassification.Trainers.TextClassification(),
            mlContext.Regression.Trainers.SentenceSimilarity(),
            mlContext.MulticlassClassification.Trainers.NamedEntityRecognition(),
            mlContext.MulticlassClassification.Trainers.QuestionAnswer(),
        })
            Console.WriteLine(estimator.GetType().Name);
        break;
    // The methods that cannot be compiled, since TorchSharp no longer has what they call.
    case "broken":
        foreach (var method in typeof(TorchSharpCatalog).Assembly.GetTypes().Where(type => !type.ContainsGenericParameters).SelectMany(type => type.GetMethods(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)).Where(method => !method.ContainsGenericParameters && method.GetMethodBody() is not null))
            try
            {
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
            catch (MissingMethodException missing)
            {
                Console.WriteLine($"{method.DeclaringType!.FullName}.{method.Name}: {missing.Message}");
            }
        break;
    case "train":
        // With the columns of Microsoft.ML.TorchSharp: only the names of the calls are new.
        var trainers = mlContext.MulticlassClassification.Trainers;
        var texts = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(i => new
        {
            Sentence1 = "the film is good", Sentence2 = "a bad book", Sentence = "the film is good", Label = i % 2 == 0 ? "yes" : "no", Number = (float)i, Tags = new[] { "0", "THING", "0", "0" },
            Context = "the film is good", Question = "is the film good", TrainingAnswer = "good", AnswerIndex = 12,
        }));
        Train("text classification", "Score", mlContext.Transforms.Conversion.MapValueToKey("Label").Append(trainers.HfTextClassification(maxEpochs: 1, model: args[1])));
        Train("sentence similarity", "Score", mlContext.Regression.Trainers.HfSentenceSimilarity("Number", maxEpochs: 1, model: args[1]));
        Train("named entities", "PredictedLabel", mlContext.Transforms.Conversion.MapValueToKey("Tags", keyData: mlContext.Data.LoadFromEnumerable(new[] { new { Key = "THING" } }))
            .Append(trainers.HfNamedEntityRecognition("Tags", maxEpochs: 1, model: args[1])));
        Train("question answering", "Answer", trainers.HfQuestionAnswer(maxEpochs: 1, model: args[1]));
        void Train<T>(string name, string column, IEstimator<T> pipeline) where T : class, ITransformer
        {
            var model = pipeline.Fit(texts);
            using var owned = (IDisposable)model;
            Console.WriteLine($"{name}: {model.Transform(texts).Schema[column].Type}");
        }
        break;
    default:
        throw new ArgumentException(args[0]);
}
