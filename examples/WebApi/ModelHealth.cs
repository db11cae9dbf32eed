using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.ML.HfTrainer;

namespace WebApi;

/// <summary>The service is healthy if the model answers within ten seconds.</summary>
internal sealed class ModelHealth(BatchPredictionEngine<Review, Prediction> engine) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await engine.PredictAsync(new Review { Text = "fine" }, cancellationToken).WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The model does not answer.", failure);
        }
    }
}
