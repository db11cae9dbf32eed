using Microsoft.Extensions.AI;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer;

// The number of epochs may be given: dotnet run -- 2
var epochs = args.Length > 0 ? int.Parse(args[0]) : 30;
var mlContext = new MLContext(seed: 42);

// 1. Data: each line is a question, a tab, and the answer. A chat consists of the roles and the contents of its messages.
IDataView Load(string file) => mlContext.Data.LoadFromEnumerable(
    File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", file)).Select(line => line.Split('\t')).Select(parts => new Conversation
    {
        Roles = ["system", "user", "assistant"],
        Contents = [Guide.Instructions, parts[0], parts[1]],
    }).ToList());
var (train, test) = (Load("train.tsv"), Load("test.tsv"));

// 2. A small causal language model with random weights, and a tokenizer with a chat template. With a pretrained model, leave this step out, and name the model in TokenizeHf.
var folder = Directory.CreateTempSubdirectory("chat-").FullName;
var tokenizer = HfTokenizer.FromPretrained(Path.Combine(AppContext.BaseDirectory, "model"));
tokenizer.SavePretrained(folder);
using (var untrained = AutoModelForCausalLM.FromConfig(PretrainedConfig.FromPretrained(tokenizer.Folder!), new() { Seed = 42 }))
    untrained.SavePretrained(folder);

// 3. Training: the model learns the answers, not the questions.
var pipeline = mlContext.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForChat(model: folder))
    .Append(mlContext.HfTrainer.CausalLM(new CausalLMOptions
    {
        ValidationSet = test,
        Arguments = new TrainingArguments { NumTrainEpochs = epochs, LearningRate = 2e-3, PerDeviceTrainBatchSize = 16, EvalStrategy = IntervalStrategy.Epoch },
    }));
using var model = pipeline.Fit(train);
Directory.Delete(folder, recursive: true);
var perplexities = model.LastTransformer.LogHistory.Where(record => record.ContainsKey("eval_perplexity")).Select(record => record["eval_perplexity"]).ToList();
Console.WriteLine(FormattableString.Invariant($"perplexity of answers to new questions: {perplexities[0]:F2} after the first epoch, {perplexities[^1]:F2} after the last"));

// 4. Evaluation: questions that the model was not trained on.
using IChatClient client = model.LastTransformer.AsChatClient();
var right = 0;
var chats = mlContext.Data.CreateEnumerable<Conversation>(test, reuseRowObject: false).ToList();
foreach (var chat in chats)
    right += (await client.GetResponseAsync(chat.Contents[1], new ChatOptions { Instructions = Guide.Instructions, Temperature = 0 })).Text == chat.Contents[2] ? 1 : 0;
Console.WriteLine($"right answers: {right} of {chats.Count}");

// 5. Streaming: each answer is printed word by word while it is generated.
foreach (var question in new[] { "hello , how big is the lighthouse ?", "please tell me who built the harbour" })
{
    Console.Write($"{question} ");
    await foreach (var update in client.GetStreamingResponseAsync(question, new ChatOptions { Instructions = Guide.Instructions, Temperature = 0 }))
        Console.Write(update.Text);
    Console.WriteLine();
}
