namespace Microsoft.ML.HfTrainer.Formats.Pickle;

/// <summary>
/// Reads a Python pickle as data: opcodes build texts, numbers, lists, tuples and dictionaries; names are looked up in a list of those allowed, and nothing
/// is ever run. The opcodes are those of the binary protocols 2 to 5.
/// </summary>
internal sealed class PickleReader
{
    // A value takes one byte of the file and some tens in memory: this bounds what a small file can grow to.
    private const int MaxValues = 1 << 23;

    private readonly IPickleHost _host;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private long _values;

    private PickleReader(IPickleHost host) => _host = host;

    /// <summary>Reads one value.</summary>
    /// <param name="bytes">Begins with the pickle.</param>
    /// <param name="host">What names stand for.</param>
    /// <param name="length">How many bytes the pickle took.</param>
    /// <exception cref="InvalidDataException">The data is not a pickle of the supported kind, or uses a name that is not allowed.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes, IPickleHost host, out int length)
    {
        var cursor = new PickleCursor(bytes);
        try
        {
            var value = new PickleReader(host).Run(ref cursor);
            length = cursor.Position;
            return value;
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"the pickle cannot be read at byte {cursor.Position}: {failure.Message}", failure);
        }
    }

    private object? Run(ref PickleCursor cursor)
    {
        while (true)
        {
            var opcode = cursor.Byte();
            if (opcode == '.')
                return Pop();
            if (!(Scalar(opcode, ref cursor) || Collection(opcode) || Memory(opcode, ref cursor) || Call(opcode, ref cursor)))
                throw new InvalidDataException($"the opcode 0x{opcode:x2} is not one that data needs");
        }
    }

    private bool Scalar(byte opcode, ref PickleCursor cursor)
    {
        switch (opcode)
        {
            case 0x80: cursor.Byte(); return true;
            case 0x95: cursor.Int64(); return true;
            case (byte)'N': return Push(null);
            case 0x88: return Push(true);
            case 0x89: return Push(false);
            case (byte)'K': return Push((long)cursor.Byte());
            case (byte)'M': return Push((long)cursor.UInt16());
            case (byte)'J': return Push((long)cursor.Int32());
            case 0x8a: return Push(cursor.Number(cursor.Byte()));
            case 0x8b: return Push(cursor.Number(cursor.UInt32()));
            case (byte)'G': return Push(cursor.Double());
            case (byte)'X': return Push(cursor.Text(cursor.UInt32()));
            case 0x8c: return Push(cursor.Text(cursor.Byte()));
            case 0x8d: return Push(cursor.Text(cursor.Int64()));
            // Texts of Python 2.
            case (byte)'U': return Push(cursor.Text(cursor.Byte()));
            case (byte)'T': return Push(cursor.Text(cursor.UInt32()));
            case (byte)'C': return Push(cursor.Bytes(cursor.Byte()));
            case (byte)'B': return Push(cursor.Bytes(cursor.UInt32()));
            case 0x8e: return Push(cursor.Bytes(cursor.Int64()));
            default: return false;
        }
    }

    private bool Collection(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'(': _marks.Add(_stack.Count); return Count();
            case (byte)']': return Push(new List<object?>());
            case (byte)'a': return Append([Pop()]);
            case (byte)'e': return Append(PopToMark());
            case (byte)'l': return Push(new List<object?>(PopToMark()));
            case (byte)')': return Push(new PickleTuple([]));
            case 0x85: return Push(PopTuple(1));
            case 0x86: return Push(PopTuple(2));
            case 0x87: return Push(PopTuple(3));
            case (byte)'t': return Push(new PickleTuple(PopToMark()));
            case (byte)'}': return Push(new PickleDictionary());
            case (byte)'s': return Set(PopTuple(2).Items);
            case (byte)'u': return Set(PopToMark());
            case (byte)'d': return PushDictionary(PopToMark());
            // A set is read as the list of its members.
            case 0x8f: return Push(new List<object?>());
            case 0x90: return Append(PopToMark());
            case 0x91: return Push(new List<object?>(PopToMark()));
            default: return false;
        }
    }

    private bool Memory(byte opcode, ref PickleCursor cursor)
    {
        switch (opcode)
        {
            case (byte)'0': Pop(); return true;
            case (byte)'1': PopToMark(); return true;
            case (byte)'2': return Push(Top());
            case (byte)'h': return Push(Remembered(cursor.Byte()));
            case (byte)'j': return Push(Remembered(cursor.UInt32()));
            case (byte)'q': return Remember(cursor.Byte());
            case (byte)'r': return Remember(cursor.UInt32());
            case 0x94: return Remember(_memo.Count);
            default: return false;
        }
    }

    private bool Call(byte opcode, ref PickleCursor cursor)
    {
        switch (opcode)
        {
            case (byte)'c': return Push(_host.Allow(cursor.Line(), cursor.Line()));
            case 0x93:
                var name = Pop<string>();
                return Push(_host.Allow(Pop<string>(), name));
            case (byte)'R':
            case 0x81:
                var arguments = Pop<PickleTuple>();
                Charge(arguments);
                return Push(_host.Call(Pop<PickleGlobal>(), arguments));
            case (byte)'Q': return Push(_host.Persistent(Pop()));
            case (byte)'b': return Build(Pop());
            default: return false;
        }
    }

    // Attributes of a dictionary, such as the version notes of a state dict, are no part of what it holds.
    private bool Build(object? state)
    {
        if (Top() is PickleObject built)
            built.State = state;
        else if (Top() is not PickleDictionary)
            throw new InvalidDataException($"attributes are set on a value of the kind {Top()?.GetType().Name ?? "None"}");
        return true;
    }

    private bool Append(IReadOnlyList<object?> items)
    {
        (Top() as List<object?> ?? throw new InvalidDataException("items are added to what is no list")).AddRange(items);
        return true;
    }

    private bool Set(IReadOnlyList<object?> items)
    {
        var dictionary = Top() as PickleDictionary ?? throw new InvalidDataException("items are set in what is no dictionary");
        if (items.Count % 2 != 0)
            throw new InvalidDataException("a key has no value");
        for (var i = 0; i < items.Count; i += 2)
            dictionary.Set(items[i], items[i + 1]);
        return true;
    }

    private bool PushDictionary(IReadOnlyList<object?> items) => Push(new PickleDictionary()) && Set(items);

    private object? Remembered(long place) =>
        _memo.TryGetValue(place, out var value) ? value : throw new InvalidDataException($"value {place} is used before it is there");

    private bool Remember(long place)
    {
        _memo[place] = Top();
        return Count();
    }

    private bool Push(object? value)
    {
        _stack.Add(value);
        return Count();
    }

    // A call may copy what it is given, and one value may be given to a million calls.
    private void Charge(PickleTuple arguments)
    {
        foreach (var argument in arguments.Items)
            Count(argument switch { List<object?> list => list.Count, string text => text.Length, byte[] bytes => bytes.Length, PickleTuple tuple => tuple.Items.Count, _ => 0 });
        Count();
    }

    private bool Count(int values = 1) => (_values += values) <= MaxValues ? true : throw new InvalidDataException($"it has more than {MaxValues} values");

    private object? Top() => _stack.Count > Floor ? _stack[^1] : throw new InvalidDataException("a value is asked for where there is none");

    private object? Pop()
    {
        var value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private T Pop<T>() => Pop() is T value ? value : throw new InvalidDataException($"a value is of another kind than {typeof(T).Name}");

    private PickleTuple PopTuple(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--)
            items[i] = Pop();
        return new PickleTuple(items);
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
            throw new InvalidDataException("a group ends that never began");
        var start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        object?[] items = [.. _stack.GetRange(start, _stack.Count - start)];
        _stack.RemoveRange(start, _stack.Count - start);
        return items;
    }

    // What lies below an open group is not to be had before it is closed.
    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];
}
