using Microsoft.ML.HfTrainer.Generation.Criteria;
using Microsoft.ML.HfTrainer.Generation.Processors;
using Microsoft.ML.HfTrainer.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation;

/// <summary>Prepares a search: checks what the caller gives, and completes it by what the model has.</summary>
/// <param name="model">The model.</param>
/// <param name="ids">The prompts or the encoder's texts, <c>[batch, length]</c> int64.</param>
/// <param name="mask">1 at a token and 0 at padding, as <paramref name="ids"/>. If null, padding tokens are taken for padding.</param>
/// <param name="own">The settings of the caller.</param>
/// <param name="options">What the caller gives besides.</param>
internal sealed class GenerationInput(HeadedModel model, Tensor ids, Tensor? mask, GenerationConfig own, GenerationOptions options)
{
    // Where nobody has set a length.
    private const int DefaultNewTokens = 20;

    private readonly GenerationConfig _config = own.Over(model.CurrentGenerationConfig());

    private bool HasEncoder => model.Body is EncoderDecoderBody;

    /// <summary>Returns what the search works with; its tensors belong to the current dispose scope, and the scorer and the rows to the caller.</summary>
    /// <exception cref="ArgumentException">The tensors or the settings have faults.</exception>
    public GenerationTask Prepare(CancellationToken cancellation)
    {
        new GenerationFaults(own, _config).Check(model.Body.OutputEmbedding?.Weight.Rows, options.Tokenizer is not null);
        CheckTensors();
        var source = ids.to(ScalarType.Int64).to(model.Device);
        var padding = FindPadding(source);
        var start = HasEncoder ? Start(source) : source;
        var (promptLength, maxLength) = ((int)start.shape[1], MaxLength((int)start.shape[1]));
        CheckPositions((int)source.shape[1], promptLength, maxLength);
        var useCache = _config.UseCache ?? true;
        var processors = new ProcessorList(_config, promptLength, maxLength) { Source = HasEncoder ? source : null, Padding = HasEncoder ? null : padding?.eq(0).sum(1, keepdim: true) };
        return new GenerationTask(_config)
        {
            Scorer = HasEncoder ? new DecoderScorer(model, source, padding, useCache) : new CausalScorer(model, padding, useCache),
            Rows = new TokenRows(start),
            PromptLength = promptLength,
            MaxLength = maxLength,
            Criteria = [.. Criteria()],
            CreateProcessors = vocabulary => processors.Create(options.LogitsProcessors, vocabulary, model.Device),
            Options = options,
            Cancellation = cancellation,
        };
    }

    private IEnumerable<StoppingCriterion> Criteria()
    {
        if (_config.EosTokenIds is { Count: > 0 } ends)
            yield return new EndOfSequence(ends);
        if (_config.StopStrings is { Count: > 0 } texts)
            yield return new StopStrings(options.Tokenizer!, texts);
        foreach (var criterion in options.StoppingCriteria)
            yield return criterion;
    }

    private void CheckTensors()
    {
        if (ids.dim() != 2 || ids.shape[0] == 0 || ids.shape[1] == 0)
            throw new ArgumentException($"inputIds is [{string.Join(", ", ids.shape)}]; it should be [batch, length] with at least one token.", "inputIds");
        if (mask is not null && !mask.shape.SequenceEqual(ids.shape))
            throw new ArgumentException($"attentionMask is [{string.Join(", ", mask.shape)}]; it should be [{string.Join(", ", ids.shape)}] as inputIds.", "attentionMask");
        if (options.DecoderInputIds is { } start && (!HasEncoder || start.dim() != 2 || start.shape[0] != ids.shape[0]))
            throw new ArgumentException(HasEncoder
                ? $"GenerationOptions.DecoderInputIds is [{string.Join(", ", start.shape)}]; it should be [{ids.shape[0]}, length]: one row for each of inputIds."
                : $"GenerationOptions.DecoderInputIds is set, but {model.ClassName} has no encoder; put the tokens into inputIds.");
        using var scope = NewDisposeScope();
        var (least, most) = (ids.min().item<long>(), ids.max().item<long>());
        if (least < 0 || most >= model.Body.InputEmbedding?.Weight.Rows)
            throw new ArgumentException($"inputIds has the token id {(least < 0 ? least : most)}; it should be from 0 to {model.Body.InputEmbedding!.Weight.Rows - 1}, the ids of the model.", "inputIds");
    }

    // 1 at a token and 0 at padding; null if there is no padding.
    private Tensor? FindPadding(Tensor source)
    {
        var found = mask?.to(ScalarType.Int64).to(source.device);
        if (found is null && _config.PadTokenId is { } token && _config.EosTokenIds?.Contains(token) != true)
            found = source.ne(token).to(ScalarType.Int64);
        if (found is null || found.min().item<long>() == 1)
            return null;
        CheckRows(found);
        return found;
    }

    private void CheckRows(Tensor found)
    {
        var (tokens, last) = (TokenRows.ToHost(found.sum(1)), TokenRows.ToHost(found.select(1, found.shape[1] - 1)));
        if (Array.IndexOf(tokens, 0) is >= 0 and var empty)
            throw new ArgumentException($"Row {empty} of inputIds is padding alone; it should have a token.", "inputIds");
        if (!HasEncoder && Array.IndexOf(last, 0) is >= 0 and var right)
            throw new ArgumentException($"Row {right} of inputIds ends in padding, and {model.ClassName} goes on from the last token of a row; pad on the left (Side.Left).", "inputIds");
    }

    private Tensor Start(Tensor source)
    {
        var token = _config.DecoderStartTokenId ?? _config.BosTokenId
            ?? throw new ArgumentException($"{model.ClassName} needs a token that the decoder starts with: neither DecoderStartTokenId nor BosTokenId is set.");
        var start = full([source.shape[0], 1], token, ScalarType.Int64, source.device);
        if (options.DecoderInputIds is not { } given)
            return start;
        var begun = given.to(ScalarType.Int64).to(source.device);
        return begun.narrow(1, 0, 1).eq(token).any().item<bool>() ? begun : cat([start, begun], 1);
    }

    private int MaxLength(int promptLength)
    {
        if (_config.MaxNewTokens is { } added && (own.MaxLength is null || own.MaxNewTokens is not null))
            return checked(promptLength + added);
        if (_config.MaxLength is not { } length)
            return (int)Math.Min(promptLength + DefaultNewTokens, Math.Max(model.Body.MaxLength ?? int.MaxValue, promptLength + 1));
        return length > promptLength
            ? length
            : throw new ArgumentException($"MaxLength is {length}, and {(HasEncoder ? "the target begins with" : "the prompts have")} {promptLength} tokens; it should be more. MaxNewTokens counts new tokens alone.");
    }

    private void CheckPositions(int sourceLength, int promptLength, int maxLength)
    {
        // Rotary positions do not end, but a model knows those of its training alone.
        if (model.Body.MaxLength is { } positions)
        {
            if (HasEncoder && sourceLength > positions)
                throw new ArgumentException($"inputIds has {sourceLength} tokens, and the model has {positions} positions; shorten the texts.", "inputIds");
            // The last token is not read.
            if (promptLength > positions)
                throw new ArgumentException($"The prompts have {promptLength} tokens, and the model has {positions} positions; shorten them.", "inputIds");
            if (maxLength - 1 > positions)
                throw new ArgumentException($"The prompts have {promptLength} tokens and up to {maxLength - promptLength} are to follow, but the model has {positions} positions; lower MaxNewTokens or MaxLength, or shorten the prompts.");
        }
        else if (!HasEncoder && model.Config.GetIntOrNull("max_position_embeddings") is { } trained && promptLength > trained)
        {
            throw new ArgumentException($"The prompts have {promptLength} tokens, and the model has {trained} positions; shorten them.", "inputIds");
        }
    }
}
