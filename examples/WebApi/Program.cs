using Microsoft.ML;
using Microsoft.ML.HfTrainer;
using WebApi;

var builder = WebApplication.CreateBuilder(args);
var path = builder.Configuration["Model"] ?? "sentiment.zip";
if (!File.Exists(path))
{
    Console.Error.WriteLine($"There is no model {Path.GetFullPath(path)}. Train one with: dotnet run -c Release --project examples/SentimentAnalysis -- --save sentiment.zip");
    return 1;
}

// The model is loaded once. The engine predicts the requests of all callers in batches: requests that arrive while a batch is being computed form the next batch.
builder.Services.AddSingleton(new MLContext());
builder.Services.AddSingleton(services => services.GetRequiredService<MLContext>().HfTrainer.LoadModel(path, out _));
builder.Services.AddSingleton(services => services.GetRequiredService<MLContext>().HfTrainer.CreateBatchPredictionEngine<Review, Prediction>(
    services.GetRequiredService<ITransformer>()));
builder.Services.AddHealthChecks().AddCheck<ModelHealth>("model");

var app = builder.Build();
app.MapHealthChecks("/health");
app.MapPost("/sentiment", async (Review review, BatchPredictionEngine<Review, Prediction> engine, CancellationToken cancelled) =>
    string.IsNullOrWhiteSpace(review.Text)
        ? Results.Problem("The field \"text\" is missing or empty; it should hold the text of a review.", statusCode: StatusCodes.Status400BadRequest)
        : Results.Ok((await engine.PredictAsync(review, cancelled)).ToAnswer()));
// The model is loaded before the first request.
app.Services.GetRequiredService<BatchPredictionEngine<Review, Prediction>>();
await app.RunAsync();
return 0;
