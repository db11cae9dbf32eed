"""Loads models that this library saved with the original, says what it computes of them, and saves them again.

Reads a list of {"model": folder, "case": file, "again": folder, "outputs": file, "resized": number or null} from standard input; writes a list of
{"error", "missing", "unexpected"} to standard output, one for each. Ends with 3 where the original is not to be had.
"""
import json
import sys

try:
    import torch
    import transformers
    from safetensors.torch import save_file
except Exception as failure:
    print(failure, file=sys.stderr)
    sys.exit(3)

transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
torch.set_num_threads(1)

OUTPUTS = ("logits", "start_logits", "end_logits", "last_hidden_state", "pooler_output")


def work(entry):
    with open(entry["model"] + "/config.json") as file:
        name = json.load(file)["architectures"][0]
    model, report = getattr(transformers, name).from_pretrained(
        entry["model"], output_loading_info=True, attn_implementation="eager", dtype=torch.float32)
    model.eval()
    with open(entry["case"]) as file:
        inputs = {key: torch.tensor(value) for key, value in json.load(file)["inputs"].items()}
    with torch.no_grad():
        output = model(**inputs)
        tensors = {key: output[key].contiguous() for key in OUTPUTS if output.get(key) is not None}
        if output.get("loss") is not None:
            tensors["loss"] = output["loss"].reshape(1)
        model.save_pretrained(entry["again"])
        if entry["resized"]:
            torch.manual_seed(3)
            model.resize_token_embeddings(entry["resized"])
            tensors["resized_embedding"] = model.get_input_embeddings().weight.detach().clone()
            tensors["resized_logits"] = model(**inputs).logits.contiguous()
    save_file(tensors, entry["outputs"])
    return {"error": None, "missing": sorted(report["missing_keys"]), "unexpected": sorted(report["unexpected_keys"])}


results = []
for entry in json.load(sys.stdin):
    try:
        results.append(work(entry))
    except Exception as failure:
        results.append({"error": f"{type(failure).__name__}: {failure}", "missing": [], "unexpected": []})
print(json.dumps(results))
