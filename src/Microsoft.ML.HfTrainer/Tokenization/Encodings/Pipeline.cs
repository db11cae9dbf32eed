using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Decoders;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.Normalizers;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;
using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>The components of a tokenizer, applied to a text in order.</summary>
internal sealed record Pipeline(
    INormalizer? Normalizer, IPreTokenizer? PreTokenizer, IModel Model, PostProcessing PostProcessing, IDecoder? Decoder, AddedVocabulary Added)
{
    /// <summary>The pipeline for target texts, if it differs from the one for inputs.</summary>
    public Pipeline? Target { get; init; }

    /// <summary>The Hugging Face tokenizer class that this pipeline implements, if the files do not name one.</summary>
    public string? TokenizerClass { get; init; }

    /// <summary>The special tokens by role that apply if the files name none, unless those of the class apply.</summary>
    public IReadOnlyDictionary<string, string>? SpecialTokens { get; init; }

    /// <summary>Appends the tokens of a text; its words are numbered from 0.</summary>
    public void Tokenize(string text, SequenceTokens tokens, Workspace workspace)
    {
        tokens.From(text);
        Tokenize(text, tokens, workspace, null);
    }

    /// <summary>Appends the tokens of a list of words. Each word is tokenized as a text of its own, and its index is the word id of all its tokens.</summary>
    public void Tokenize(IReadOnlyList<string> words, SequenceTokens tokens, Workspace workspace)
    {
        tokens.From(words);
        for (var i = 0; i < words.Count; i++)
            Tokenize(words[i], tokens, workspace, i);
    }

    private void Tokenize(string text, SequenceTokens tokens, Workspace workspace, int? word)
    {
        var run = new Run(tokens, workspace, word);
        var matches = workspace.Raw;
        matches.Clear();
        Added.Raw.Find(text, matches);
        var start = 0;
        foreach (var (token, from, to) in matches)
        {
            TokenizeStretch(text, start, from, ref run);
            run.Add(token, (from, to), text.AsSpan(from, to - from));
            start = to;
        }
        TokenizeStretch(text, start, text.Length, ref run);
    }

    private void TokenizeStretch(string text, int start, int end, ref Run run)
    {
        if (start >= end)
            return;
        var normalized = run.Workspace.Text;
        normalized.Reset(text.AsSpan(start, end - start), start);
        Normalizer?.Normalize(normalized);
        var matches = run.Workspace.Normalized;
        matches.Clear();
        Added.Normalized.Find(normalized.Chars, matches);
        var position = 0;
        foreach (var (token, from, to) in matches)
        {
            TokenizeSpan(new TextSpan(normalized, position, from), ref run);
            run.Add(token, normalized.Original(from, to), normalized.Chars[from..to]);
            position = to;
        }
        TokenizeSpan(new TextSpan(normalized, position, normalized.Length), ref run);
    }

    private void TokenizeSpan(TextSpan span, ref Run run)
    {
        if (span.Start >= span.End)
            return;
        var words = run.Workspace.Words;
        words.Clear();
        if (PreTokenizer is null)
            words.Add(span);
        else
            PreTokenizer.Split(span, words);
        var pieces = run.Workspace.Pieces;
        foreach (var word in words)
        {
            pieces.Clear();
            Model.Tokenize(word.Chars, pieces);
            run.Add(word, pieces);
        }
    }

    /// <summary>Collects the tokens of one text and numbers its words.</summary>
    private struct Run(SequenceTokens tokens, Workspace workspace, int? givenWord)
    {
        private int _word;

        public readonly Workspace Workspace => workspace;

        public void Add(AddedToken token, (int Start, int End) offsets, ReadOnlySpan<char> surface) =>
            tokens.Add(token.Id, offsets, NextWord(), surface.SequenceEqual(token.MatchText) ? null : surface.ToString());

        public void Add(TextSpan span, List<ModelToken> pieces)
        {
            var word = NextWord();
            foreach (var (id, start, end, surface) in pieces)
                tokens.Add(id, span.Text.Original(span.Start + start, span.Start + end), word, surface);
        }

        private int NextWord() => givenWord ?? _word++;
    }
}
