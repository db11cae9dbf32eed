namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>
/// What a tensor's callback writes to: passes bytes on, and stops at the number that the header promises, before a byte too many could
/// shift every tensor after it.
/// </summary>
internal sealed class ExactLengthStream(Stream inner, string tensor, long promised) : Stream
{
    private long _written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    public void RequireComplete()
    {
        if (_written != promised)
        {
            throw new InvalidOperationException($"Tensor {JsonText.Show(tensor)}: {_written} bytes were written; its type and shape ask for {promised}.");
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > promised - _written)
        {
            throw new InvalidOperationException(
                $"Tensor {JsonText.Show(tensor)}: {_written + buffer.Length} bytes or more were written; its type and shape ask for {promised}.");
        }

        inner.Write(buffer);
        _written += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
