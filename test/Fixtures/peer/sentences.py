"""Makes sentence embeddings of folders in the layout of sentence-transformers, by that library's rules, with the original's models and PyTorch.

Reads a list of {"folder": folder, "inputs": {"input_ids", "attention_mask"}, "again": folder or null} from standard input; writes a list of
{"error", "missing", "unexpected", "embeddings"} to standard output, one for each. Where "again" is a folder, the model is saved into it, with the weights of
dense modules as pickles. Ends with 3 where the original is not to be had.
"""
import json
import os
import shutil
import sys

try:
    import torch
    import transformers
    from safetensors.torch import load_file
except Exception as failure:
    print(failure, file=sys.stderr)
    sys.exit(3)

transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
torch.set_num_threads(1)

FLAGS = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}

# Those of which the encoder alone takes part: by a class of its own, or out of the whole model.
ENCODERS = {"t5": "T5EncoderModel", "mt5": "MT5EncoderModel"}
TRANSLATORS = ("marian", "pegasus")

# Tables that a model makes itself and no file has.
MADE = {"marian": "embed_positions.weight"}


def read(*path):
    with open(os.path.join(*path)) as file:
        return json.load(file)


def pool(mode, hidden, mask):
    """One vector a row, taken row by row from its tokens alone."""
    vectors = []
    for states, seen in zip(hidden, mask.bool()):
        tokens = states[seen]
        places = torch.arange(1, len(states) + 1, dtype=states.dtype)[seen].unsqueeze(1)
        vectors.append({
            "cls": lambda: tokens[0],
            "lasttoken": lambda: tokens[-1],
            "max": lambda: tokens.max(0).values,
            "mean": lambda: tokens.mean(0),
            "mean_sqrt_len_tokens": lambda: tokens.sum(0) / len(tokens) ** 0.5,
            "weightedmean": lambda: (tokens * places).sum(0) / places.sum(),
        }[mode]())
    return torch.stack(vectors)


def modes(config):
    if "pooling_mode" in config:
        return [config["pooling_mode"]] if isinstance(config["pooling_mode"], str) else config["pooling_mode"]
    return [mode for flag, mode in FLAGS.items() if config.get(flag)]


def apply(module, folder, vectors):
    if module["type"].endswith(".Normalize"):
        return torch.nn.functional.normalize(vectors, p=2, dim=-1)
    config = read(folder, "config.json")
    weights = load_file(os.path.join(folder, "model.safetensors"))
    parts = config["activation_function"].split(".")
    mapped = getattr(torch.nn, parts[-1])()(torch.nn.functional.linear(vectors, weights["linear.weight"], weights.get("linear.bias")))
    if not config.get("use_residual"):
        return mapped
    return mapped + (torch.nn.functional.linear(vectors, weights["residual.weight"]) if "residual.weight" in weights else vectors)


def work(entry):
    folder = entry["folder"]
    kind = read(folder, "config.json")["model_type"]
    inputs = {key: torch.tensor(value) for key, value in entry["inputs"].items()}
    model, report = getattr(transformers, ENCODERS.get(kind, "AutoModel")).from_pretrained(
        folder, output_loading_info=True, attn_implementation="eager", dtype=torch.float32)
    model.eval()
    modules = read(folder, "modules.json")
    with torch.no_grad():
        reader = model.get_encoder() if kind in TRANSLATORS else model
        hidden = reader(**inputs).last_hidden_state
        config = read(folder, modules[1]["path"], "config.json")
        vectors = torch.cat([pool(mode, hidden, inputs["attention_mask"]) for mode in modes(config)], -1)
        for module in modules[2:]:
            vectors = apply(module, os.path.join(folder, module["path"]), vectors)
    if entry["again"]:
        save(model, folder, modules, entry["again"])
    missing = [name for name in sorted(report["missing_keys"]) if not name.endswith(MADE.get(kind, "\0"))]
    return {"error": None, "missing": missing, "unexpected": sorted(report["unexpected_keys"]), "embeddings": vectors.tolist()}


def save(model, folder, modules, again):
    model.save_pretrained(again)
    shutil.copy(os.path.join(folder, "modules.json"), again)
    for module in modules[1:]:
        target = shutil.copytree(os.path.join(folder, module["path"]), os.path.join(again, module["path"]))
        weights = os.path.join(target, "model.safetensors")
        if os.path.exists(weights):
            torch.save(load_file(weights), os.path.join(target, "pytorch_model.bin"))
            os.remove(weights)


results = []
for entry in json.load(sys.stdin):
    try:
        results.append(work(entry))
    except Exception as failure:
        results.append({"error": f"{type(failure).__name__}: {failure}", "missing": [], "unexpected": [], "embeddings": None})
print(json.dumps(results))
