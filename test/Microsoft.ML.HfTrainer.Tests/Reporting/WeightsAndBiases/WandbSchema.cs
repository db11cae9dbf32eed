using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Tests.Reporting.WeightsAndBiases;

/// <summary>Decodes the records of a transaction log by the recorded schema: JSON with the names of the schema, whole numbers of 64 bits as texts, zero and false left out.</summary>
internal sealed class WandbSchema
{
    private const string Time = "google.protobuf.Timestamp";

    private readonly Dictionary<string, Dictionary<uint, JsonObject>> _messages;
    private readonly JsonObject _enums;

    public WandbSchema()
    {
        var schema = TrackerCases.Object("wandb/schema.json");
        _messages = schema["messages"]!.AsObject().ToDictionary(m => m.Key, m => m.Value!.AsArray().ToDictionary(f => (uint)f!["n"]!, f => f!.AsObject()));
        _enums = schema["enums"]!.AsObject();
    }

    /// <summary>The kind of a record and what it holds.</summary>
    public (string Type, JsonObject Content) Read(byte[] record)
    {
        var decoded = Message("wandb_internal.Record", record);
        var content = decoded.Single(field => field.Key is not ("num" or "control" or "uuid" or "_info"));
        return (content.Key, content.Value!.AsObject());
    }

    /// <summary>All records of a log.</summary>
    public List<(string Type, JsonObject Content)> ReadLog(string file) => TransactionLogReader.Read(File.ReadAllBytes(file)).ConvertAll(record => Read(record.Content));

    private JsonObject Message(string type, byte[] bytes)
    {
        var (message, fields) = (new JsonObject(), _messages[type]);
        foreach (var field in ProtoField.Read(bytes))
        {
            if (!fields.TryGetValue(field.Number, out var known))
                continue;
            var (name, value) = ((string)known["name"]!, Value((string)known["type"]!, field));
            if (known["map"] is not null)
            {
                message[name] ??= new JsonObject();
                message[name]![(string)value!["key"]!] = value["value"]?.DeepClone();
            }
            else if (known["repeated"] is not null)
            {
                message[name] ??= new JsonArray();
                if (known["type"]!.ToString() is var element && (element.Contains('.') || element == "string"))
                    message[name]!.AsArray().Add(value);
            }
            else if (value is not null)
            {
                message[name] = value;
            }
        }
        return message;
    }

    private JsonNode? Value(string type, ProtoField field) => type switch
    {
        "string" => field.Bytes.Length == 0 ? null : JsonValue.Create(Encoding.UTF8.GetString(field.Bytes)),
        "bool" => field.Value == 0 ? null : JsonValue.Create(true),
        "double" => field.Value == 0 ? null : JsonValue.Create(BitConverter.UInt64BitsToDouble(field.Value)),
        "int32" or "uint32" => field.Value == 0 ? null : JsonValue.Create((int)field.Value),
        "int64" or "uint64" => field.Value == 0 ? null : JsonValue.Create(((long)field.Value).ToString(CultureInfo.InvariantCulture)),
        Time => Moment(field.Bytes),
        _ when _enums[type] is JsonObject names => names.Single(n => (ulong)(int)n.Value! == field.Value) is { Value: var number } name && (int)number! != 0 ? name.Key : null,
        _ => _messages.ContainsKey(type) ? Message(type, field.Bytes) : new JsonObject(),
    };

    private static string Moment(byte[] bytes)
    {
        var fields = ProtoField.Read(bytes);
        var (seconds, nanos) = (fields.Find(f => f.Number == 1)?.Value ?? 0, fields.Find(f => f.Number == 2)?.Value ?? 0);
        var fraction = nanos == 0 ? "" : nanos % 1_000_000 == 0 ? $".{nanos / 1_000_000:D3}" : nanos % 1000 == 0 ? $".{nanos / 1000:D6}" : $".{nanos:D9}";
        return DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + fraction + "Z";
    }
}
