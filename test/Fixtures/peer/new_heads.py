"""Opens models without head as ones with a head, which the original draws, and writes the weights that it drew.

Reads a list of {"model": folder, "class": name, "seed": number, "outputs": file} from standard input; writes a list of errors, null where there is none, to
standard output. Ends with 3 where the original is not to be had.
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


def work(entry):
    torch.manual_seed(entry["seed"])
    model, report = getattr(transformers, entry["class"]).from_pretrained(entry["model"], output_loading_info=True, dtype=torch.float32)
    weights = model.state_dict()
    save_file({name: weights[name].detach().clone() for name in report["missing_keys"]}, entry["outputs"])


results = []
for entry in json.load(sys.stdin):
    try:
        work(entry)
        results.append(None)
    except Exception as failure:
        results.append(f"{type(failure).__name__}: {failure}")
print(json.dumps(results))
